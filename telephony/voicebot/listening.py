"""Waiting for one answer: speech with barge-in, keys, silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from telephony.voicebot.contract import Line
from telephony.voicebot.hearing import Ear
from telephony.voicebot.incoming import FRAME, TICK, Heard
from telephony.voicebot.shapes import Answer, Expect
from telephony.voicebot.tape import Tape

STARVED = 10  # ticks without sound after which silence is meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds: `silence` after a question, `keys` between two keys, `longest` for one answer."""

    silence: float = 5.0
    keys: float = 3.0
    longest: float = 30.0
    barge_in: bool = True


class Listener:
    """Asks the line for ticks, gives them to tape and ear."""

    def __init__(self, line: Line, tape: Tape, patience: Patience) -> None:
        self._line, self._tape, self._patience = line, tape, patience
        self._ticks = line.ticks()
        self._starved = 0
        self.seconds = 0.0

    def play(self, pcm: bytes) -> None:
        self._line.play(pcm)
        self._tape.play(pcm)

    def _hush(self) -> None:
        if self._line.playing:
            self._line.hush()
        self._tape.hush()

    async def _heard(self) -> AsyncIterator[Heard]:
        async for heard in self._ticks:
            self._tape.tick(heard)
            self.seconds += TICK
            yield heard

    async def spoken(self) -> None:
        """Until everything was said (or the line is over)."""
        async for _ in self._heard():
            if not self._line.playing:
                return

    async def answer(self, ear: Ear, expect: Expect) -> Answer | None:
        """What the caller answers; None when the line is over."""
        keys, quiet, since = "", 0.0, 0.0
        async for heard in self._heard():
            if heard.digits:
                self._hush()
                keys, quiet = keys + heard.digits, 0.0
            if keys and (quiet > self._patience.keys or _complete(keys, expect)):
                return Answer(keys=keys)
            if self._line.playing and not self._patience.barge_in:
                continue
            said = await ear.hear(self._sound(heard))
            if said and not keys:
                self._hush()
                return Answer(said=said)
            if ear.partial:
                self._hush()
            since += 0.0 if self._line.playing else TICK
            quiet = 0.0 if self._line.playing or ear.partial else quiet + TICK
            if not keys and (quiet > self._patience.silence or since > self._patience.longest):
                return Answer(said=await ear.finish())
        return None

    def _sound(self, heard: Heard) -> bytes:
        """A phone that sends nothing while its owner is silent is heard as silent."""
        self._starved = 0 if heard.pcm else self._starved + 1
        return bytes(FRAME) if self._starved > STARVED else heard.pcm


def _complete(keys: str, expect: Expect) -> bool:
    return "#" in keys or len(keys) >= expect.keys

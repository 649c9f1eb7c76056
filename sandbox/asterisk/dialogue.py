"""Two people talk on the phone: line after line, heard by both and recorded by the PBX."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from sandbox.asterisk.phone import Leg
from sandbox.asterisk.speech import spoken
from sandbox.asterisk.voice import say_ulaw

PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """Words and the voice for them."""

    text: str
    language: str = "ru"
    pitch: int = 50


class Says(Protocol):
    def __call__(self, leg: Leg, words: str, *, mine: bool) -> None: ...


class Dialogue:
    """A client's side of a call; goes on with whoever of the company has the client now."""

    def __init__(
        self, client: Leg, lines: Sequence[Line], says: Says, told: Callable[[], None]
    ) -> None:
        self._client, self._lines, self._says, self._told = client, lines, says, told
        self._at = 0
        self.spoken = False
        """Whether somebody speaks at this moment."""

    async def speak(self, desk: Leg) -> None:
        """From where it was left until all is said or one of the two has gone."""
        self.spoken = True
        try:
            while self._at < len(self._lines) and self._both(desk):
                line = self._lines[self._at]
                speaker = self._client if self._at % 2 else desk
                sound = await asyncio.to_thread(_sound, line)
                self._heard(desk, speaker, line.text)
                await say_ulaw(speaker, sound)
                self._at += 1 if self._both(desk) else 0
                await asyncio.sleep(PAUSE)
        finally:
            self._heard(desk, self._client, "")
            self.spoken = False

    def _both(self, desk: Leg) -> bool:
        return self._client.state == desk.state == "up"

    def _heard(self, desk: Leg, speaker: Leg, words: str) -> None:
        for leg in (self._client, desk):
            self._says(leg, words, mine=leg is speaker)
        self._told()


_sound = cache(lambda line: spoken(line.text, language=line.language, pitch=line.pitch))

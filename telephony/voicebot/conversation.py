"""One call from answer to goodbye: the script's turns spoken, heard and written down."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crm_core.kernel import i18n
from telephony.voicebot import script
from telephony.voicebot.contract import Line
from telephony.voicebot.hearing import Hearing
from telephony.voicebot.incoming import RATE
from telephony.voicebot.listening import Listener, Patience
from telephony.voicebot.report import Report, Spoken
from telephony.voicebot.shapes import Answer, Setup, State, Then, Turn
from telephony.voicebot.speaking import Voice
from telephony.voicebot.tape import Tape


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a conversation is made with."""

    hearing: Hearing
    voice: Voice
    patience: Patience
    longest: float = 300.0  # seconds of a whole call


class Conversation:
    """`report` is true at every moment, also when `run` is cancelled."""

    def __init__(self, line: Line, setup: Setup, parts: Parts, tape: Tape, report: Report) -> None:
        self._line, self._setup, self._parts, self._tape = line, setup, parts, tape
        self._listener = Listener(line, tape, parts.patience)
        self.report = report

    async def run(self) -> None:
        """Talk until one of both hangs up or the caller is sent on."""
        try:
            with i18n.using(self._setup.language):
                state, turn = script.begin(self._setup)
            while await self._turn(state, turn):
                answer = await self._answer(turn)
                if answer is None:
                    break
                state, turn = self._step(state, answer)
        finally:
            self._note(end=self._line.end)

    def _step(self, state: State, answer: Answer) -> tuple[State, Turn]:
        with i18n.using(self._setup.language):
            state, turn = script.step(self._setup, state, answer)
        self._note(slots=state.slots, step=str(state.step))
        if self._listener.seconds > self._parts.longest and turn.then is Then.LISTEN:
            turn = Turn((), Then.FINISH)
        return state, turn

    async def _turn(self, state: State, turn: Turn) -> bool:
        """Say it; whether an answer is expected."""
        self._listener.play(await self._parts.voice.say(turn.say))
        self._write("bot", " ".join(phrase.text for phrase in turn.say))
        if turn.then is Then.LISTEN:
            return self._line.end is None
        await self._listener.spoken()
        if turn.then is Then.MOVE:
            await self._line.move(self._setup.person)
            self._note(moved_to=self._setup.person)
        else:
            await self._line.hang_up()
        return False

    async def _answer(self, turn: Turn) -> Answer | None:
        ear = await self._parts.hearing.ear(
            self._setup.language, rate=RATE, words=turn.expect.words
        )
        answer = await self._listener.answer(ear, turn.expect)
        if answer is not None:
            self._write("caller", answer.said or (f"[{answer.keys}]" if answer.keys else "…"))
        return answer

    def _write(self, who: str, text: str) -> None:
        at = round(self._listener.seconds, 1)
        self._note(transcript=(*self.report.transcript, Spoken(at, who, text)))

    def _note(self, **changed: object) -> None:
        seconds = round(self._listener.seconds, 1)
        self.report = replace(self.report, seconds=seconds, **changed)  # type: ignore[arg-type]
        self._tape.note(self.report)

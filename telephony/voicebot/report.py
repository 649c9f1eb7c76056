"""What a call to the bot leaves behind, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from telephony.voicebot.incoming import End, Incoming
from telephony.voicebot.shapes import Slots


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of the transcript: `at` seconds from the answer; `who` is bot or caller. Keys are
    kept as the caller's "[12#]"."""

    at: float
    who: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One call, whole. `step` is the question it got to, `moved_to` where the caller was sent,
    `end` None when the bot itself died in mid-call."""

    bot_id: int
    call: Incoming
    began: datetime
    seconds: float
    slots: Slots
    step: str
    transcript: tuple[Spoken, ...] = ()
    end: End | None = None
    moved_to: str = ""


class Outcome(Protocol):
    """Makes a request of a report; the application wires it."""

    async def known(self, number: str) -> str:
        """The name of the client who has this number, or ""."""
        ...

    async def take(self, report: Report, recording: bytes) -> None:
        """Idempotent by `report.call.id`; `recording` is a WAV: caller left, bot right."""
        ...

"""The shape of a call as a PBX adapter saw it: what is handed to `record`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Direction = Literal["inbound", "outbound", "internal"]
State = Literal["ringing", "talking", "held", "ended"]
# answered: somebody spoke with the other side. Otherwise, in the words of those concerned:
# missed (our phones rang, nobody took it), abandoned (the caller gave up), busy, declined,
# offline (no phone to ring), failed (the network refused), unknown (ended while not watched).
Outcome = Literal[
    "answered", "missed", "abandoned", "busy", "declined", "offline", "failed", "unknown"
]
# cancelled: the caller gave up or the time was over; elsewhere: a colleague was faster.
LegOutcome = Literal[
    "answered", "no_answer", "busy", "declined", "offline", "cancelled", "elsewhere", "failed"
]
How = Literal["caller", "ring", "queue", "transfer", "pickup", "redirect", "order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegSeen:
    """One of our phones within a call; `key` is the PBX's id of this phone's channel."""

    key: str
    extension: str
    how: How
    rang_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: LegOutcome | None = None
    talk_seconds: float = 0.0
    hold_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """`by` and `to` are extensions or numbers; `kind`: blind, attended, redirect, pickup."""

    at: datetime
    kind: str
    by: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSeen:
    """Everything known of a call at this moment; `number` as the PBX wrote it.

    Recording it again, or an older view of an ended call, changes nothing.
    """

    key: str
    direction: Direction
    state: State
    started_at: datetime
    number: str | None = None
    caller_name: str = ""
    did: str | None = None
    queue: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    wait_seconds: float = 0.0
    talk_seconds: float = 0.0
    hold_seconds: float = 0.0
    hung_up_by: str | None = None
    cause: int | None = None
    legs: tuple[LegSeen, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    recording: str | None = None
    part_of: str | None = None

    @property
    def talker(self) -> str | None:
        """The extension that speaks with the other side, or did so last."""
        spoke = [leg for leg in self.legs if leg.answered_at is not None]
        return max(spoke, key=_spoke_at).extension if spoke else None


def _spoke_at(leg: LegSeen) -> datetime:
    assert leg.answered_at is not None  # noqa: S101 - callers look
    return leg.answered_at

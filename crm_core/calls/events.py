"""Facts about what happens to calls. `client_id` is the card on which the caller's number is."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted(Event):
    """A call has come to be; nobody's phone may ring yet."""

    call_id: int
    direction: str
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRinging(Event):
    """One of our phones began to ring for this call (a fact per phone)."""

    call_id: int
    leg_id: int
    extension: str
    direction: str
    employee_id: int | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(Event):
    """The two sides speak; again when another colleague took the call over."""

    call_id: int
    direction: str
    extension: str | None = None
    employee_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallChanged(Event):
    """`what`: legs (a phone stopped ringing), held, resumed, connected (the next one speaks),
    queued, transferred, recording."""

    call_id: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(Event):
    """`outcome` as in shapes.Outcome; `part_of`: it was the asking half of a transfer."""

    call_id: int
    direction: str
    outcome: str
    employee_id: int | None = None
    number: str | None = None
    talk_seconds: float = 0.0
    part_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMissed(Event):
    """A client called and spoke with nobody; follows CallEnded. `rung`: whose phones rang."""

    call_id: int
    outcome: str
    number: str | None = None
    rung: list[int] = field(default_factory=list)
    wait_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLinked(Event):
    """The call now belongs to this client's card."""

    call_id: int

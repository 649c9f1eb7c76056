"""Facts about calls. `client_id` is the caller's card when their number is on one."""

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
    """`what`: legs (a phone stopped ringing), held, resumed, queued, transferred, recording."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOrdered(Event):
    """Somebody asked the PBX to do something (`verb`: dial, hangup, …)."""

    order_id: int
    verb: str
    call_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOrderDone(Event):
    order_id: int
    verb: str
    call_id: int | None = None
    actor_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOrderFailed(Event):
    """The PBX did not do it; `error` is a line for the person who asked."""

    order_id: int
    verb: str
    error: str
    call_id: int | None = None
    actor_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallListened(Event):
    """A head listens to (or speaks into) a colleague's call; stands in the audit trail."""

    call_id: int
    extension: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerRuled(Event):
    """A number was blocked, made VIP or let through again (`kind` empty)."""

    number: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxChanged(Event):
    """`what`: added, configured, on, off, removed, broken, mended."""

    pbx_id: int
    what: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResultSet(Event):
    """Somebody said how the call ended (`result` as in results.Result; empty: taken back)."""

    call_id: int
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNoted(Event):
    """A note was written about the call."""

    call_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackDue(Event):
    """The time has come to call back, as this employee planned."""

    call_id: int
    employee_id: int

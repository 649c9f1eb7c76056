"""Facts about requests. `request_id` is the request; `client_id` its client when known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRegistered(Event):
    request_id: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestChanged(Event):
    """The source told more about a request it had brought already."""

    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOffered(Event):
    """The request was put before these people; `reason` says why them."""

    request_id: int
    employee_ids: list[int]
    reason: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOfferWithdrawn(Event):
    """The offer to this person ended without acceptance: `lapsed`, `off_shift`."""

    request_id: int
    employee_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAccepted(Event):
    request_id: int
    employee_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHandedOver(Event):
    request_id: int
    from_id: int | None
    to_employee_id: int | None = None
    to_queue_id: int | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReturned(Event):
    """The request waits again: the one who had it does not work here any more."""

    request_id: int
    employee_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRejected(Event):
    request_id: int
    employee_id: int
    reason: str
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDone(Event):
    """`outcome`: client, deal, dialog, handled."""

    request_id: int
    employee_id: int
    outcome: str
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReopened(Event):
    """What had been done with it was taken back: `employee_id` has it again."""

    request_id: int
    employee_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimitCrossed(Event):
    """A step (accept, answer, close) was not done in its time; `employee_id`: whose it is."""

    request_id: int
    step: str
    employee_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimitsSet(Event):
    """The admin has set other limits of time."""

    count: int

"""Facts about how calls ended for business: results, notes, calling back."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


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

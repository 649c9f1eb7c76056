"""Facts about recordings."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStored(Event):
    """The recording is here and can be played."""

    call_id: int
    duration_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingUnavailable(Event):
    """It will not come; `reason` is an English msgid."""

    call_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPlayed(Event):
    """Somebody has opened it; stands in the audit trail."""

    call_id: int
    employee_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRemoved(Event):
    """Its time was over, or it was removed by hand (`by_rule` false)."""

    call_id: int
    by_rule: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRuleSet(Event):
    """How long recordings stay was changed: days (0: for ever)."""

    days: int
    queue: str = ""

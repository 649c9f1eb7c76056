"""Facts about facts."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTakenBack(Event):
    """The fact `event_id` of this type was taken back; what it led to are facts of their own."""

    event_id: int
    type: str

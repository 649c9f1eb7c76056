"""Facts about working time."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendarSet(Event):
    """The company's calendar is another one; `before` is what stood there."""

    hours: str
    timezone: str
    country: str
    before: dict[str, str]

"""Moments people put dialogs off to, in their own time. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

EVENING, MORNING = time(18), time(9)
DAY = timedelta(days=1)
CLOCK = r"(?P<hour>\d{1,2})[:. ](?P<minute>\d{2})"
DATE = r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})(?:\.(?P<year>\d{4}))?"
FORMS = (
    re.compile(rf"(?P<tomorrow>завтра|tomorrow)?(?:\s+(?:в|at))?\s*{CLOCK}"),
    re.compile(rf"{DATE}(?:\s+(?:в|at))?\s+{CLOCK}"),
)
NOT_A_TIME = N_("I read times like 14:30, tomorrow 10:00 or 25.12 09:00.")


def moment_of(until: str, now: datetime, timezone: str) -> datetime:
    """`1h`, `evening` (18:00, or tomorrow's when that is past), `morning` (tomorrow 9:00)."""
    local = now.astimezone(ZoneInfo(timezone))
    if until == "1h":
        return now + timedelta(hours=1)
    if until == "evening":
        evening = datetime.combine(local.date(), EVENING, local.tzinfo)
        return evening if evening > local else evening + DAY
    return datetime.combine(local.date() + DAY, MORNING, local.tzinfo)


def read_moment(text: str, now: datetime, timezone: str) -> datetime:
    """A time a person wrote, always ahead of `now`; Invalid shows how to write it."""
    local = now.astimezone(ZoneInfo(timezone))
    words = " ".join(text.lower().split())
    for form in FORMS:
        if found := form.fullmatch(words):
            try:
                return _ahead(found.groupdict(), local)
            except ValueError:
                break
    raise Invalid(NOT_A_TIME)


def _ahead(parts: dict[str, str | None], local: datetime) -> datetime:
    hour = time(int(parts["hour"] or 0), int(parts["minute"] or 0))
    day = parts.get("day")
    if day is None:
        found = datetime.combine(local.date(), hour, local.tzinfo)
        return found + DAY if parts.get("tomorrow") or found <= local else found
    year = int(parts["year"] or local.year)
    date = local.date().replace(year=year, month=int(parts["month"] or 1), day=int(day))
    found = datetime.combine(date, hour, local.tzinfo)
    if found <= local and parts["year"] is None:
        found = found.replace(year=year + 1)
    return found

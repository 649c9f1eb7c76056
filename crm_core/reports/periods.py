"""Periods of reports: whole days, by name or from day to day. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

Preset = Literal[
    "today", "yesterday", "this_week", "last_week", "this_month", "last_month", "quarter", "year"
]
DAY = timedelta(days=1)
LONGEST = 3 * 366
EARLIEST = date(2000, 1, 1)
_DATE = re.compile(r"(\d{1,4})[.\-/](\d{1,2})[.\-/](\d{1,4})|(\d{1,2})\.(\d{1,2})(?!\d|\.)")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    def moments(self, timezone: str) -> tuple[datetime, datetime]:
        """Since, and until before, in the reader's own time."""
        zone = ZoneInfo(timezone)
        return (
            datetime.combine(self.first, time(), zone),
            datetime.combine(self.last + DAY, time(), zone),
        )


def of_preset(preset: Preset, today: date) -> Period:
    """Periods that go on end with their last day, not with today."""
    monday = today - today.weekday() * DAY
    month = today.replace(day=1)
    quarter = month.replace(month=(today.month - 1) // 3 * 3 + 1)
    known = {
        "today": Period(today, today),
        "yesterday": Period(today - DAY, today - DAY),
        "this_week": Period(monday, monday + 6 * DAY),
        "last_week": Period(monday - 7 * DAY, monday - DAY),
        "this_month": _months(month, 1),
        "last_month": _months(_moved(month, -1), 1),
        "quarter": _months(quarter, 3),
        "year": _months(month.replace(month=1), 12),
    }
    return known[preset]


def shifted(period: Period, steps: int) -> Period:
    """The next (1) or former (-1) period of the same length; whole months stay whole months."""
    months = whole_months(period)
    if months:
        return _months(_moved(period.first, months * steps), months)
    length = period.last - period.first + DAY
    return Period(period.first + steps * length, period.last + steps * length)


def whole_months(period: Period) -> int:
    """How many calendar months it is; 0 when it does not begin and end with one."""
    if period.first.day != 1 or (period.last + DAY).day != 1:
        return 0
    years = period.last.year - period.first.year
    return years * 12 + period.last.month - period.first.month + 1


def require_sensible(period: Period) -> Period:
    """Refuses what ends before it begins, is too long or lies nowhere."""
    if period.last < period.first:
        raise Invalid(N_("The period ends before it begins: write the earlier day first."))
    if (period.last - period.first).days >= LONGEST:
        raise Invalid(N_("A report covers three years at most: choose a shorter period."))
    if not EARLIEST <= period.first <= period.last < date(2100, 1, 1):
        raise Invalid(N_("Choose days between the years 2000 and 2100."))
    return period


def read(text: str, today: date) -> Period:
    """`1.03.2026 - 31.03.2026`, `1.3-31.3`, `2026-03-01 2026-03-31`, or one day; Invalid."""
    found = [_day(match, today) for match in _DATE.finditer(text)]
    if not 1 <= len(found) <= 2 or None in found:
        raise Invalid(N_("Write the days like 01.03.2026 - 31.03.2026."))
    days = [one for one in found if one is not None]
    return require_sensible(Period(days[0], days[-1]))


def _day(match: re.Match[str], today: date) -> date | None:
    one, two, three, day, month = match.groups()
    if one is None:
        parts = (today.year, int(month), int(day))
    elif len(one) == 4:
        parts = (int(one), int(two), int(three))
    else:
        year = int(three) + 2000 if len(three) == 2 else int(three)
        parts = (year, int(two), int(one))
    try:
        return date(*parts)
    except ValueError:
        return None


def _months(first: date, count: int) -> Period:
    last = _moved(first, count - 1)
    return Period(first, last.replace(day=calendar.monthrange(last.year, last.month)[1]))


def _moved(first: date, months: int) -> date:
    """The first day of another month."""
    number = first.year * 12 + first.month - 1 + months
    if not EARLIEST.year * 12 <= number < 2100 * 12:
        raise Invalid(N_("Choose days between the years 2000 and 2100."))
    return date(number // 12, number % 12 + 1, 1)

"""What of a stretch of time is working time, and when so much of it will have passed. Pure.

Stretches are kept in the calendar's own clock and measured in real seconds, so an hour that a
change of clocks adds or takes away is counted as it was worked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm_core.worktime.hours import DAY, Hours, Stretches

ONE_DAY = timedelta(days=1)
# A calendar without any work in so many days has none at all.
FARTHEST = 3 * 366


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours of a week, in `timezone`, and the days that are otherwise: date -> stretches
    (none: a day off). Hours without any stretch are work round the clock."""

    hours: Hours
    timezone: str = "Europe/Moscow"
    days: Mapping[date, Stretches] = field(default_factory=dict)

    def of(self, day: date) -> Stretches:
        """The working stretches that begin on a day, in minutes since its midnight."""
        if (found := self.days.get(day)) is not None:
            return found
        return self.hours.of_day(day.weekday()) if self.hours.parts else ((0, DAY),)


def spans(calendar: Calendar, first: date) -> Iterator[tuple[datetime, datetime]]:
    """Working spans in UTC, in order and without overlaps, from those that begin on `first` on.

    Ends after `FARTHEST` days.
    """
    zone, until = ZoneInfo(calendar.timezone), datetime.min.replace(tzinfo=UTC)
    for number in range(FARTHEST):
        day = first + number * ONE_DAY
        for low, end in calendar.of(day):
            # What a night shift and the next morning have in common is worked once.
            begins = max(_at(day, low, zone), until)
            ends = _at(day, end, zone)
            if begins < ends:
                yield begins, ends
                until = ends


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    days, rest = divmod(minutes, DAY)
    local = datetime.combine(day + days * ONE_DAY, time(rest // 60, rest % 60), zone)
    return local.astimezone(UTC)


def _first_day(moment: datetime, calendar: Calendar) -> date:
    """Yesterday: its night shift may still go on."""
    return moment.astimezone(ZoneInfo(calendar.timezone)).date() - ONE_DAY


def working_seconds(start: datetime, end: datetime, calendar: Calendar) -> float:
    """Seconds of work between two aware moments; 0 when `end` is not after `start`."""
    found = 0.0
    for low, high in spans(calendar, _first_day(start, calendar)):
        if low >= end:
            break
        found += max((min(high, end) - max(low, start)).total_seconds(), 0.0)
    return found


def add_working(start: datetime, seconds: float, calendar: Calendar) -> datetime | None:
    """The first moment by which `seconds` of work have passed since `start`, in UTC.

    None when the calendar has not so much work within `FARTHEST` days.
    """
    left = timedelta(seconds=seconds)
    start = start.astimezone(UTC)
    if not left:
        return start
    for low, high in spans(calendar, _first_day(start, calendar)):
        begins = max(low, start)
        if begins >= high:
            continue
        if high - begins >= left:
            return begins + left
        left -= high - begins
    return None

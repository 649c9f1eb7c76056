"""Hours of a week written like `Mon-Fri 09:00-13:00,14:00-18:00; Sat 22:00-06:00`. Pure.

Parts are divided by `;`, stretches of a day by `,`. A stretch that ends before it begins goes on
over midnight and belongs to the day on which it began; `24:00` is the end of the day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TypeAlias
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
EXAMPLE = "must look like Mon-Fri 09:00-18:00; Sat 10:00-15:00"

# Minutes since the day's midnight: (begin, end); the end may lie on the next day.
Stretch: TypeAlias = tuple[int, int]
Stretches: TypeAlias = tuple[Stretch, ...]

_PART = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+(?P<day>[\d:,\s-]+)")
_STRETCH = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Hours:
    """Stretches of the week: (day 0-6, begin, end) in minutes. Without any it is always open."""

    parts: tuple[tuple[int, int, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Hours:
        """Raises ValueError with an example when the text can't be read."""
        found: list[tuple[int, int, int]] = []
        for part in filter(None, (one.strip().lower() for one in text.split(";"))):
            match = _PART.fullmatch(part)
            if match is None or not {match["first"], match["last"] or "mon"} <= set(DAYS):
                raise ValueError(EXAMPLE)
            stretches = parse_day(match["day"])
            found += [(day, *stretch) for day in _days(match) for stretch in stretches]
        return cls(tuple(found))

    def of_day(self, weekday: int) -> Stretches:
        """The stretches that begin on a weekday (0-6), in order."""
        return tuple(sorted((low, end) for day, low, end in self.parts if day == weekday))

    def open_at(self, moment: datetime, timezone: str) -> bool:
        if not self.parts:
            return True
        local = moment.astimezone(ZoneInfo(timezone))
        now, today = local.hour * 60 + local.minute, local.weekday()
        return any(
            low <= minute < end
            for day, minute in ((today, now), ((today - 1) % 7, now + DAY))
            for low, end in self.of_day(day)
        )


def parse_day(text: str) -> Stretches:
    """`09:00-13:00,14:00-18:00` as stretches that do not overlap; ValueError with an example."""
    found: list[Stretch] = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        match = _STRETCH.fullmatch(part)
        if match is None:
            raise ValueError(EXAMPLE)
        begin, end = _minutes(match[1], match[2]), _minutes(match[3], match[4])
        if begin in (DAY, end):
            raise ValueError(EXAMPLE)
        found.append((begin, end if end > begin else end + DAY))
    ordered = sorted(found)
    if any(low < end for (_, end), (low, _) in pairwise(ordered)):
        raise ValueError(EXAMPLE)
    return tuple(ordered)


def _days(match: re.Match[str]) -> list[int]:
    first = DAYS.index(match["first"])
    last = DAYS.index(match["last"]) if match["last"] else first
    return [day % 7 for day in range(first, (last if last >= first else last + 7) + 1)]


def _minutes(hour: str, minute: str) -> int:
    found = int(hour) * 60 + int(minute)
    if found > DAY or int(minute) > 59:
        raise ValueError(EXAMPLE)
    return found

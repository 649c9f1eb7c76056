"""Working hours written like `Mon-Fri 09:00-18:00; Sat 10:00-15:00`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(
    r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+"
    r"(?P<begin>\d{1,2}:\d{2})-(?P<end>\d{1,2}:\d{2})"
)


@dataclass(frozen=True, slots=True)
class Hours:
    """Stretches of the week: (day 0-6, begin, end). Without any it is always open."""

    parts: tuple[tuple[int, time, time], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Hours:
        """Raises ValueError with an example when the text can't be read."""
        found: list[tuple[int, time, time]] = []
        for part in filter(None, (one.strip().lower() for one in text.split(";"))):
            match = _PART.fullmatch(part)
            if match is None or not {match["first"], match["last"] or "mon"} <= set(DAYS):
                message = "must look like Mon-Fri 09:00-18:00; Sat 10:00-15:00"
                raise ValueError(message)
            found += [(day, _time(match["begin"]), _time(match["end"])) for day in _days(match)]
        return cls(tuple(found))

    def open_at(self, moment: datetime, timezone: str) -> bool:
        if not self.parts:
            return True
        local = moment.astimezone(ZoneInfo(timezone))
        clock = local.time()
        return any(day == local.weekday() and low <= clock < end for day, low, end in self.parts)


def _days(match: re.Match[str]) -> list[int]:
    first = DAYS.index(match["first"])
    last = DAYS.index(match["last"]) if match["last"] else first
    return [day % 7 for day in range(first, (last if last >= first else last + 7) + 1)]


def _time(text: str) -> time:
    hour, _, minute = text.partition(":")
    if text == "24:00":
        return time.max
    return time(int(hour), int(minute))

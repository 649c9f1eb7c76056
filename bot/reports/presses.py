"""Buttons of reports: the whole question is in the press, also on the way back from a card."""

from __future__ import annotations

import hashlib
import string
from datetime import date, timedelta
from typing import Literal

from aiogram.filters.callback_data import CallbackData

from crm_core.reports.periods import EARLIEST, Period, Preset

Do = Literal[
    "setup", "period", "dates", "cut", "who", "from", "queue", "show", "turn", "rows", "items",
    "xlsx", "csv", "pdf",
]  # fmt: skip
DIGITS = string.digits + string.ascii_lowercase
PRESETS: dict[str, Preset] = {
    "t": "today",
    "y": "yesterday",
    "w": "this_week",
    "l": "last_week",
    "m": "this_month",
    "n": "last_month",
    "q": "quarter",
    "a": "year",
}
ALL = "-"  # in place of a row: everything the report counts
FIELDS = ("key", "cut", "span", "who", "src", "queue", "row", "page")


class ReportPress(CallbackData, prefix="rp"):
    """`key`: the report; `span`: a preset's letter or two days; `who`: an employee, `src` the
    mark of a source, `queue` (0 or empty: all); `row`: the mark of a row, `page` of a list."""

    do: Do
    key: str
    cut: str = ""
    span: str = "m"
    who: int = 0
    src: str = ""
    queue: int = 0
    row: str = ""
    page: int = 0

    def but(self, **changed: object) -> ReportPress:
        """The same question with something else in it."""
        return self.model_copy(update=changed)

    def packed(self) -> str:
        """For a trail: the question in a few letters."""
        values = (getattr(self, name) for name in FIELDS)
        said = ",".join(str(value or "") for value in values)
        return said.rstrip(",")


def unpacked(text: str) -> ReportPress:
    """The list a trail's step leads back to; ValueError for a forged one."""
    given = dict(zip(FIELDS, text.split(","), strict=False))
    known = {name: value for name, value in given.items() if value}
    return ReportPress.model_validate({"do": "items" if known.get("row") else "rows", **known})


def mark(*texts: str | None) -> str:
    """A few letters that stand for texts in a button."""
    digest = hashlib.blake2b("\0".join(one or "" for one in texts).encode(), digest_size=4)
    return _base36(int(digest.hexdigest(), 16)).rjust(7, "0")[-6:]


def span_of(period: Period) -> str:
    """Two days as six letters."""
    days = ((day - EARLIEST).days for day in (period.first, period.last))
    return "".join(_base36(day).rjust(3, "0") for day in days)


def days_of(span: str) -> tuple[date, date] | None:
    """The two days of a span; None when it is a preset. ValueError for a forged one."""
    if span in PRESETS:
        return None
    first, last = (int(part, 36) for part in (span[:3], span[3:]))
    return EARLIEST + timedelta(days=first), EARLIEST + timedelta(days=last)


def _base36(number: int) -> str:
    found = ""
    while number:
        number, digit = divmod(number, 36)
        found = DIGITS[digit] + found
    return found or "0"

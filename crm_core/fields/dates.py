"""Days as people write them, in Russian and English. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

NOT_A_DAY = N_("%(value)s is no date. Write it like 05.03.2026 or 5 March 2026.")
NO_SUCH_DAY = N_("There is no such day in the calendar: %(value)s.")
FIRST_YEAR, LAST_YEAR = 1800, 2200
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "янв jan",
            "фев feb",
            "мар mar",
            "апр apr",
            "мая май may",
            "июн jun",
            "июл jul",
            "авг aug",
            "сен sep",
            "окт oct",
            "ноя nov",
            "дек dec",
        ),
        1,
    )
    for name in names.split()
}
WORDS = {
    **dict.fromkeys(("сегодня", "today"), 0),
    **dict.fromkeys(("завтра", "tomorrow"), 1),
    **dict.fromkeys(("вчера", "yesterday"), -1),
    "послезавтра": 2,
    "позавчера": -2,
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DIGITS = re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?\.?", re.ASCII)
_TAIL = r"(?:,?\s+(\d{4}|\d{2}))?(?:\s*(?:г\.?|года))?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+([^\W\d_]+)\.?{_TAIL}", re.ASCII | re.I)
_DAY_FIRST_RU = re.compile(rf"(\d{{1,2}})\s+([а-яё]+)\.?{_TAIL}", re.I)
_MONTH_FIRST = re.compile(rf"([a-z]+)\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?{_TAIL}", re.I)


def parse_day(raw: str, today: date) -> date:
    """`05.03.2026`, `5.3.26`, `2026-03-05`, `5 марта`, `March 5, 2026`, `завтра`; Invalid.

    Without a year the present one is meant; of two digits the year within the next ten years or
    the last ninety.
    """
    text = " ".join(raw.split())
    if (shift := WORDS.get(text.casefold())) is not None:
        return today + timedelta(days=shift)
    found = _parts(text)
    if found is None:
        raise Invalid(NOT_A_DAY, value=f"“{text[:40]}”")
    day, month, year = found
    try:
        at = date(_year(year, today), month, day)
    except ValueError:
        raise Invalid(NO_SUCH_DAY, value=text[:40]) from None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Invalid(NO_SUCH_DAY, value=text[:40])
    return at


def _parts(text: str) -> tuple[int, int, str | None] | None:
    """Day, month and the year as written."""
    if found := _ISO.fullmatch(text):
        return int(found[3]), int(found[2]), found[1]
    if found := _DIGITS.fullmatch(text):
        return int(found[1]), int(found[2]), found[3]
    if found := _DAY_FIRST_RU.fullmatch(text) or _DAY_FIRST.fullmatch(text):
        day, name, year = found[1], found[2], found[3]
    elif found := _MONTH_FIRST.fullmatch(text):
        day, name, year = found[2], found[1], found[3]
    else:
        return None
    month = MONTHS.get(name[:3].casefold())
    return (int(day), month, year) if month else None


def _year(written: str | None, today: date) -> int:
    if written is None:
        return today.year
    if len(written) == 4:
        return int(written)
    near = today.year // 100 * 100 + int(written)
    return near - 100 if near > today.year + 10 else near

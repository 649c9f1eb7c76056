"""What the values of a row are called: names of people and queues, words of ours, hours, days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from babel.dates import format_date

from crm_core.kernel import db, i18n
from crm_core.kernel.i18n import gettext as _
from crm_core.reports.definition import Dimension, Found

Known = Mapping[str, Mapping[str, str]]


async def known(dimensions: Sequence[Dimension], rows: Iterable[Found]) -> Known:
    """Names of the people and queues in these rows, by dimension."""
    found: dict[str, Mapping[str, str]] = {}
    listed = list(rows)
    for place, one in enumerate(dimensions):
        if one.naming in {"employee", "queue"}:
            ids = {int(row.key[place] or 0) for row in listed}
            found[one.key] = await called(one.naming, sorted(ids))
    return found


async def called(table: str, ids: Sequence[int]) -> dict[str, str]:
    rows = await db.fetch(
        f"SELECT id, name FROM {table} WHERE id = ANY($1::bigint[])",  # noqa: S608 - ours
        ids,
    )
    return {str(row["id"]): row["name"] for row in rows}


def labels(dimensions: Sequence[Dimension], row: Found, names: Known) -> tuple[str, ...]:
    """What stands at the head of a row."""
    return tuple(label(one, value, names) for one, value in zip(dimensions, row.key, strict=True))


def label(one: Dimension, value: str | None, names: Known) -> str:
    if not value:
        return _(one.empty)
    match one.naming:
        case "employee" | "queue":
            return names[one.key].get(value, value)
        case "hour":
            return f"{int(value):02}:00"
        case "day":
            return str(format_date(date.fromisoformat(value), "d MMM", locale=i18n.current()))
        case "words":
            return _((one.words or {}).get(value, value))
    return _(value)


MOST_DAYS = 400


def between(one: Dimension, keys: Sequence[str]) -> list[str]:
    """Keys of hours and days with those between them that have nothing; others as they are."""
    if not keys or one.naming not in {"hour", "day"}:
        return list(keys)
    if one.naming == "hour":
        hours = [int(key) for key in keys]
        return [str(hour) for hour in range(min(hours), max(hours) + 1)]
    first, last = date.fromisoformat(min(keys)), date.fromisoformat(max(keys))
    count = (last - first).days + 1
    if count > MOST_DAYS:
        return list(keys)
    return [(first + timedelta(days=number)).isoformat() for number in range(count)]

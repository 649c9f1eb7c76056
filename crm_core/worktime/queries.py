"""The company's calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

import orjson

from crm_core.kernel import db
from crm_core.worktime import holidays
from crm_core.worktime.holidays import Country
from crm_core.worktime.hours import Hours
from crm_core.worktime.rules import Calendar

COMPANY = "company"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The calendar as it is written down; these are the usual ones until an admin says more."""

    hours: str = "Mon-Fri 09:00-18:00"
    timezone: str = "Europe/Moscow"
    country: Country = "ru"
    days: dict[str, str] = field(default_factory=dict)


async def settings() -> Settings:
    row = await db.fetchrow(
        "SELECT hours, timezone, country, days FROM work_calendar WHERE name = $1", COMPANY
    )
    if row is None:
        return Settings()
    return Settings(**dict(row) | {"days": orjson.loads(row["days"])})


async def calendar() -> Calendar:
    """The calendar in force."""
    return built(await settings())


def built(known: Settings) -> Calendar:
    """ValueError when something of it can't be read."""
    return _built(known.hours, known.timezone, known.country, tuple(sorted(known.days.items())))


@lru_cache(maxsize=8)
def _built(hours: str, timezone: str, country: str, days: tuple[tuple[str, str], ...]) -> Calendar:
    week = Hours.parse(hours)
    return Calendar(week, timezone, holidays.days(week, cast("Country", country), dict(days)))

"""Setting the company's working time."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

import orjson
from pydantic import Field, StringConstraints

from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.worktime import queries
from crm_core.worktime.events import WorkCalendarSet
from crm_core.worktime.holidays import Country
from crm_core.worktime.queries import Settings

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)]
OwnDays = Annotated[dict[date, Text], Field(max_length=1000)]

SAVE = """
INSERT INTO work_calendar (name, hours, timezone, country, days) VALUES ($1, $2, $3, $4, $5::jsonb)
ON CONFLICT (name) DO UPDATE SET hours = excluded.hours, timezone = excluded.timezone,
  country = excluded.country, days = excluded.days
"""


@command("worktime.set", title=N_("Set the working time"), right=Right.STAFF_WRITE)
async def set_worktime(
    actor: Actor,
    *,
    hours: Text,
    timezone: Text = "Europe/Moscow",
    country: Country = "ru",
    days: OwnDays | None = None,
) -> Settings:
    """Set when the company works: `Mon-Fri 09:00-13:00,14:00-18:00`; empty: round the clock.

    `country`: whose holidays count. `days` are one's own: date -> `off`, `on` (worked),
    `short` (an hour less) or stretches; without `days` those set before stay.
    """
    before = await queries.settings()
    own = before.days if days is None else {day.isoformat(): said for day, said in days.items()}
    after = Settings(hours=hours, timezone=timezone, country=country, days=own)
    _require_readable(after)
    await db.execute(SAVE, queries.COMPANY, hours, timezone, country, orjson.dumps(own).decode())
    fact = WorkCalendarSet(
        hours=hours,
        timezone=timezone,
        country=country,
        before={"hours": before.hours, "timezone": before.timezone, "country": before.country},
    )
    await emit(fact, actor=actor.key)
    return after


def _require_readable(found: Settings) -> None:
    try:
        ZoneInfo(found.timezone)
    except (KeyError, ValueError, OSError) as error:
        raise Invalid(
            N_("There is no time zone %(zone)s. Write it like Europe/Moscow."), zone=found.timezone
        ) from error
    try:
        queries.built(found)
    except ValueError as error:
        raise Invalid(
            N_(
                "The hours can't be read. Write them like"
                " Mon-Fri 09:00-13:00,14:00-18:00; Sat 10:00-15:00, and days of your own as"
                " off, on, short or 10:00-15:00."
            )
        ) from error

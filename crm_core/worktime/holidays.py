"""Days that are otherwise: those of a country's production calendar, and the admin's own. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import orjson

from crm_core.worktime.hours import Hours, Stretches, parse_day

Country = Literal["ru", "none"]
HOUR = 60


@cache
def production(country: Country) -> dict[str, frozenset[date]]:
    """`off`: no work; `on`: a day off that is worked; `short`: an hour less."""
    if country == "none":
        return {"off": frozenset(), "on": frozenset(), "short": frozenset()}
    file = Path(__file__).with_name(f"production_{country}.json")
    data = orjson.loads(file.read_bytes())
    return {name: frozenset(map(date.fromisoformat, data[name])) for name in ("off", "on", "short")}


def days(hours: Hours, country: Country, own: Mapping[str, str]) -> dict[date, Stretches]:
    """All of them by date. `own` are the admin's: ISO date -> `off`, `on`, `short` or stretches;
    they have the last word. ValueError says what can't be read."""
    known = production(country)
    found: dict[date, Stretches] = {}
    if hours.parts:  # who works round the clock works on holidays, too
        found |= dict.fromkeys(known["off"], ())
        found |= {day: usual(hours, day) for day in known["on"]}
        found |= {day: _shorter(found.get(day, usual(hours, day))) for day in known["short"]}
    return found | {date.fromisoformat(day): read(hours, day, said) for day, said in own.items()}


def read(hours: Hours, day: str, said: str) -> Stretches:
    """One day of the admin's own."""
    if said == "off":
        return ()
    whole = usual(hours, date.fromisoformat(day))
    if said in {"on", "short"}:
        return whole if said == "on" else _shorter(whole)
    return parse_day(said)


def usual(hours: Hours, day: date) -> Stretches:
    """As on this weekday; a worked day off is like the first working day of the week."""
    week = (hours.of_day(one) for one in range(7))
    return hours.of_day(day.weekday()) or next(filter(None, week), ())


def _shorter(whole: Stretches) -> Stretches:
    """The work ends an hour earlier."""
    if not whole:
        return whole
    *before, (low, end) = whole
    last = ((low, end - HOUR),) if end - HOUR > low else ()
    return (*before, *last)

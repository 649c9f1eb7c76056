"""The times of a request: what each step took, until when it is due, whether it is late. Pure.

A step counts from the moment the request was registered. What has been measured stays: a request
that goes back into the queue was accepted when it was accepted first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_core.requests.limits import STEPS, Step
from crm_core.worktime.rules import Calendar, add_working, working_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocked:
    """What is known of a request. `moments`: when a step was done; `work`: what was measured
    before; `closed`: nobody works on it any more."""

    since: datetime
    moments: Mapping[Step, datetime | None]
    work: Mapping[Step, int | None]
    by: Mapping[Step, datetime | None]
    late: Sequence[str]
    closed: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What is to be written; `next_due` is the nearest deadline still to come."""

    work: dict[Step, int | None]
    by: dict[Step, datetime | None]
    late: list[str]
    next_due: datetime | None


def measured(
    known: Clocked, allowed: Mapping[Step, int], calendar: Calendar, now: datetime
) -> Measured:
    """Steps done since the last look are measured, open ones get their deadlines."""
    work: dict[Step, int | None] = {}
    by: dict[Step, datetime | None] = {}
    late: list[str] = []
    for step in STEPS:
        work[step], by[step] = known.work[step], known.by[step]
        done = known.moments[step]
        if work[step] is None and done is not None:
            work[step] = int(working_seconds(known.since, done, calendar))
        if known.work[step] is None and known.closed is None:
            limit = allowed.get(step)
            by[step] = add_working(known.since, limit, calendar) if limit else None
        if _late(known, step, by[step], now):
            late.append(step)
    return Measured(work=work, by=by, late=late, next_due=_next(known, by, late))


def _late(known: Clocked, step: Step, by: datetime | None, now: datetime) -> bool:
    """What was measured or said before stays so, unless the deadline is another one."""
    if known.work[step] is not None or (step in known.late and by == known.by[step]):
        return step in known.late
    if by is None:
        return False
    ended = known.moments[step] or known.closed
    return ended > by if ended is not None else now >= by


def _next(
    known: Clocked, by: Mapping[Step, datetime | None], late: Sequence[str]
) -> datetime | None:
    if known.closed is not None:
        return None
    waiting = (
        by[step]
        for step in STEPS
        if known.moments[step] is None and known.work[step] is None and step not in late
    )
    return min((one for one in waiting if one is not None), default=None)

"""Calls by hour, day, person and queue of the PBX, counted by `calls.statistics`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crm_core.calls.statistics import IN, LET, OUT, OVER, By, Line, Period, numbers, total
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import N_
from crm_core.reports.definition import (
    Behind,
    Chart,
    Column,
    Cut,
    Dimension,
    Found,
    Item,
    Number,
    Numbers,
    Report,
    Scope,
)
from crm_core.reports.grouped import Grouped

BY: dict[str, By] = {"hour": "hour", "day": "day", "queue": "queue", "manager": "employee"}
KEYS = {
    "hour": "extract(hour FROM c.started_at AT TIME ZONE $6)::int",
    "day": "(c.started_at AT TIME ZONE $6)::date",
    "queue": "coalesce(c.queue, '')",
}
ALL = Grouped(
    table="call c",
    at="c.started_at",
    employee="c.employee_id",
    by=KEYS,
    values={},
    counted=OVER,
    item=("'call'", "c.id"),
)
# What a call was for one person: as the statistics count it.
THEIRS = replace(
    ALL,
    table="call c JOIN call_leg l ON l.call_id = c.id",
    employee="l.employee_id",
    by={"manager": "l.employee_id"},
    counted=f"{OVER} AND ({OUT} OR l.answered_at IS NOT NULL OR l.outcome IN {LET})",
)


class Calls:
    """The statistics of calls as a report's source."""

    async def numbers(self, scope: Scope) -> Numbers:
        period = Period(since=scope.since, until=scope.until, timezone=scope.timezone)
        by = BY[scope.cut.by[0]]
        lines = await numbers(period, by, employee_ids=scope.employees)
        whole = await total(period, employee_ids=scope.employees)
        rows = [_found(line, by) for line in lines]
        return Numbers(rows=rows, total=Found(key=(None,), values=_values(whole)) if rows else None)

    async def items(self, scope: Scope, behind: Behind) -> tuple[Sequence[Item], int]:
        source = THEIRS if scope.cut.by == ("manager",) else ALL
        return await source.items(scope, behind)


def _found(line: Line, by: By) -> Found:
    key = str(line.employee_id) if by == "employee" else line.key
    return Found(key=(key,), values=_values(line))


def _values(line: Line) -> dict[str, Number]:
    return {
        "offered": line.offered,
        "answered": line.answered,
        "missed": line.missed,
        "abandoned": line.abandoned,
        "level": line.level,
        "wait": line.wait if line.answered else None,
        "talk": line.talk or None,
        "outgoing": line.outgoing,
        "reached": line.reached,
    }


REPORT = Report(
    key="call",
    title=N_("Statistics of calls"),
    cuts=(
        Cut(key="h", title=N_("by hour"), by=("hour",), ordered=True),
        Cut(key="d", title=N_("by day"), by=("day",), ordered=True),
        Cut(key="m", title=N_("by manager"), by=("manager",)),
        Cut(key="q", title=N_("by queue"), by=("queue",)),
    ),
    dimensions=(
        Dimension(key="hour", title=N_("Hour"), naming="hour"),
        Dimension(key="day", title=N_("Day"), naming="day"),
        Dimension(key="manager", title=N_("Manager"), naming="employee"),
        Dimension(key="queue", title=N_("Queue"), empty=N_("without a queue")),
    ),
    columns=(
        Column(key="offered", title=N_("Incoming calls"), short=N_("in"), brief=True, only=IN),
        Column(key="answered", title=N_("Answered"), only=None),
        Column(key="missed", title=N_("Missed"), short=N_("lost"), brief=True, only=None),
        Column(key="abandoned", title=N_("Gave up waiting"), only=None),
        Column(
            key="level",
            title=N_("Answered within 20 seconds"),
            kind="percent",
            short=N_("20 s"),
            brief=True,
        ),
        Column(key="wait", title=N_("Mean wait"), kind="duration", short=N_("wait"), brief=True),
        Column(key="talk", title=N_("Mean talk"), kind="duration"),
        Column(key="outgoing", title=N_("Outgoing calls"), only=OUT),
        Column(key="reached", title=N_("Outgoing, reached"), only=None),
    ),
    chart=Chart(series=("offered",), over="missed"),
    source=Calls(),
    sees_all=Right.CALL_ALL,
)

"""Numbers of calls over a period, by hour, day, queue of the PBX or employee.

Every report of calls reads here, so that all of them count alike:

* offered: calls of clients that came in and are over; asking halves of transfers do not count;
* answered: somebody spoke with the client; abandoned: the client gave up waiting;
* service level: of the offered ones, how many were answered within so many seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crm_core.kernel import db

By = Literal["hour", "day", "queue", "employee", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `since` until before `until`; hours and days are those of `timezone`. Calls answered
    within `within` seconds are in time."""

    since: datetime
    until: datetime
    timezone: str = "Europe/Moscow"
    within: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table. `key` is an hour (0..23), an ISO date, a queue's or a person's
    name (`employee_id`); empty: none. `wait` and `talk` are mean seconds of answered calls;
    `reached` are the outgoing calls in which somebody answered."""

    key: str
    offered: int
    answered: int
    abandoned: int
    in_time: int
    wait: float
    talk: float
    outgoing: int
    reached: int
    employee_id: int | None = None

    @property
    def missed(self) -> int:
        return self.offered - self.answered

    @property
    def level(self) -> float | None:
        """Share (0..1) of the offered calls that were answered in time."""
        return self.in_time / self.offered if self.offered else None


KEYS: dict[By, str] = {
    "hour": "extract(hour FROM c.started_at AT TIME ZONE $4)::int::text",
    "day": "(c.started_at AT TIME ZONE $4)::date::text",
    "queue": "coalesce(c.queue, '')",
    "all": "''",
}
IN, OUT = "c.direction = 'inbound'", "c.direction = 'outbound'"
LET = "('no_answer', 'declined', 'cancelled', 'busy')"
SPOKE = "c.outcome = 'answered'"
OVER = "c.state = 'ended' AND c.part_of IS NULL AND c.direction <> 'internal'"
CALLS = f"""
SELECT {{key}} AS key, count(*) FILTER (WHERE {IN}) AS offered,
  count(*) FILTER (WHERE {IN} AND {SPOKE}) AS answered,
  count(*) FILTER (WHERE {IN} AND c.outcome = 'abandoned') AS abandoned,
  count(*) FILTER (WHERE {IN} AND {SPOKE} AND c.wait_seconds <= $3) AS in_time,
  coalesce(avg(c.wait_seconds) FILTER (WHERE {IN} AND {SPOKE}), 0)::float8 AS wait,
  coalesce(avg(c.talk_seconds) FILTER (WHERE {SPOKE}), 0)::float8 AS talk,
  count(*) FILTER (WHERE {OUT}) AS outgoing, count(*) FILTER (WHERE {OUT} AND {SPOKE}) AS reached
FROM call c WHERE c.started_at >= $1 AND c.started_at < $2 AND {OVER}
  AND $4::text IS NOT NULL -- names its type where no hours are asked for
  AND ($5::bigint[] IS NULL OR c.employee_id = ANY($5))
GROUP BY 1
"""  # noqa: S608 - constants of this module
# What a call was for one person: rung and taken, rung in vain, or made by them. A call that a
# colleague took from under their nose is neither.
PEOPLE = f"""
SELECT e.name AS key, e.id AS employee_id,
  count(*) FILTER (WHERE {IN} AND (p.spoke OR p.let)) AS offered,
  count(*) FILTER (WHERE {IN} AND p.spoke) AS answered,
  count(*) FILTER (WHERE {IN} AND NOT p.spoke AND p.gone) AS abandoned,
  count(*) FILTER (WHERE {IN} AND p.spoke AND c.wait_seconds <= $3) AS in_time,
  coalesce(avg(c.wait_seconds) FILTER (WHERE {IN} AND p.spoke), 0)::float8 AS wait,
  coalesce(avg(p.talk) FILTER (WHERE p.talk > 0), 0)::float8 AS talk,
  count(*) FILTER (WHERE {OUT}) AS outgoing, count(*) FILTER (WHERE {OUT} AND {SPOKE}) AS reached
FROM (
  SELECT l.call_id, l.employee_id, bool_or(l.answered_at IS NOT NULL) AS spoke,
    bool_or(l.answered_at IS NULL AND l.outcome IN {LET}) AS let,
    bool_or(l.outcome = 'cancelled') AS gone, sum(l.talk_seconds) AS talk
  FROM call_leg l JOIN call c ON c.id = l.call_id
  WHERE c.started_at >= $1 AND c.started_at < $2 AND l.employee_id IS NOT NULL
  GROUP BY l.call_id, l.employee_id) p
JOIN call c ON c.id = p.call_id JOIN employee e ON e.id = p.employee_id
WHERE {OVER} AND ($4::bigint[] IS NULL OR e.id = ANY($4)) GROUP BY e.id, e.name
HAVING count(*) FILTER (WHERE {OUT} OR p.spoke OR p.let) > 0
"""  # noqa: S608 - constants of this module


async def numbers(
    period: Period, by: By, *, employee_ids: Sequence[int] | None = None
) -> list[Line]:
    """The table, in the order of hours, days or names; with `employee_ids` only what these
    people did: their lines, or the calls they had."""
    people = None if employee_ids is None else list(employee_ids)
    bounds = (period.since, period.until, period.within)
    if by == "employee":
        rows = await db.fetch(PEOPLE, *bounds, people)
    else:
        rows = await db.fetch(CALLS.format(key=KEYS[by]), *bounds, period.timezone, people)
    return sorted((Line(**row) for row in rows), key=_order)


def _order(line: Line) -> tuple[int, str]:
    return (int(line.key) if line.key.isdigit() else 0, line.key)


async def total(period: Period, *, employee_ids: Sequence[int] | None = None) -> Line:
    """All calls of the period in one line, or those these people had."""
    found = await numbers(period, "all", employee_ids=employee_ids)
    return found[0] if found else NOTHING


NOTHING = Line(
    key="", offered=0, answered=0, abandoned=0, in_time=0, wait=0, talk=0, outgoing=0, reached=0
)

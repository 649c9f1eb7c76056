"""Times of requests as rows: measured whenever something happens, watched by one timer each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from crm_core.kernel import clock, db
from crm_core.kernel.journal import Recorded, emit
from crm_core.kernel.pump import Handler
from crm_core.kernel.timers import drop_timer, set_timer
from crm_core.requests import limits
from crm_core.requests.events import RequestLimitCrossed, RequestLimitsSet
from crm_core.requests.limits import STEPS, Step
from crm_core.requests.timing import Clocked, Measured, measured
from crm_core.worktime import queries as worktime
from crm_core.worktime.events import WorkCalendarSet

LIMIT_TIMER = "request.limit"
COLUMNS = """
SELECT id, kind, source, state, registered_at, accepted_at, answered_at, closed_at, late,
  accept_by, answer_by, close_by, accept_work, answer_work, close_work, client_id,
  responsible_id, offered_to_id FROM request
"""
MOMENTS: dict[Step, str] = {
    "accept": "accepted_at",
    "answer": "answered_at",
    "close": "closed_at",
}


async def measure(*request_ids: int) -> list[tuple[db.Row, list[str]]]:
    """Bring the times of these requests up to date; (row before, steps that became late)."""
    if not request_ids:
        return []
    rows = await db.fetch(
        f"{COLUMNS} WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE", list(request_ids)
    )
    known, calendar = await limits.limits(), await worktime.calendar()
    now, found = clock.now(), []
    for row in rows:
        before = clocked(row)
        after = measured(before, limits.allowed(known, row["kind"], row["source"]), calendar, now)
        await _write(row, before, after)
        found.append((row, [step for step in after.late if step not in before.late]))
    return found


def clocked(row: db.Row) -> Clocked:
    return Clocked(
        since=row["registered_at"],
        moments={step: row[name] for step, name in MOMENTS.items()},
        work={step: row[f"{step}_work"] for step in STEPS},
        by={step: row[f"{step}_by"] for step in STEPS},
        late=orjson.loads(row["late"]),
        closed=row["closed_at"],
    )


WRITE = """
UPDATE request SET accept_by = $2, answer_by = $3, close_by = $4, accept_work = $5,
  answer_work = $6, close_work = $7, late = $8::jsonb WHERE id = $1
"""


async def _write(row: db.Row, before: Clocked, after: Measured) -> None:
    """Nothing is written where nothing has changed, nor a timer set where none is needed."""
    if (before.work, before.by, list(before.late)) != (after.work, after.by, after.late):
        late = orjson.dumps(after.late).decode()
        values = [*(after.by[step] for step in STEPS), *(after.work[step] for step in STEPS)]
        await db.execute(WRITE, row["id"], *values, late)
    if after.next_due is not None:
        await set_timer(LIMIT_TIMER, str(row["id"]), after.next_due)
    elif any(before.by.values()):
        await drop_timer(LIMIT_TIMER, str(row["id"]))


async def crossed(key: str, _data: dict[str, Any]) -> None:
    """Timer: a limit of request `key` is over. Those concerned are told, once for each step."""
    for row, steps in await measure(int(key)):
        for step in steps:
            event = RequestLimitCrossed(
                request_id=row["id"],
                client_id=row["client_id"],
                step=step,
                employee_id=row["responsible_id"] or row["offered_to_id"],
            )
            await emit(event)


OPEN = "SELECT id FROM request WHERE state IN ('new', 'accepted') ORDER BY id"


async def _on_settings(_recorded: Sequence[Recorded]) -> None:
    """Other limits or another calendar: open requests get their deadlines anew."""
    ids = [row["id"] for row in await db.fetch(OPEN)]
    for start in range(0, len(ids), 200):
        await measure(*ids[start : start + 200])


HANDLERS = (Handler("requests.limits", (RequestLimitsSet, WorkCalendarSet), _on_settings),)

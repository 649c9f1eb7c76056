"""Timers: something to do at a moment, once, however many processes run and crash."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog

from crm_core.kernel import clock, db, wake
from crm_core.kernel.wake import Wakeups

log = structlog.get_logger(__name__)

TOPIC = "timers"
POLL = 20.0
Fire = Callable[[str, dict[str, Any]], Awaitable[None]]

SET = """
INSERT INTO timer (kind, key, due_at, data) VALUES ($1, $2, $3, $4::jsonb)
ON CONFLICT (kind, key) DO UPDATE
SET due_at = excluded.due_at, data = excluded.data, attempts = 0, error = NULL
"""


async def set_timer(kind: str, key: str, due_at: datetime, **data: Any) -> None:
    """Set or move the timer named (kind, key); takes effect when the transaction commits."""
    await db.execute(SET, kind, key, due_at, orjson.dumps(data).decode())
    await wake.notify(TOPIC)


async def drop_timer(kind: str, key: str) -> None:
    await db.execute("DELETE FROM timer WHERE kind = $1 AND key = $2", kind, key)


TAKE = """
DELETE FROM timer WHERE id = (
  SELECT id FROM timer WHERE due_at <= $1 AND kind = ANY($2::text[])
  ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING kind, key, due_at, data, attempts
"""
AGAIN = """
INSERT INTO timer (kind, key, due_at, data, attempts, error) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (kind, key) DO NOTHING
"""


class Timers:
    """Fires due timers: `fire(key, data)` runs in the transaction that removes the timer."""

    def __init__(self, handlers: Mapping[str, Fire], wakeups: Wakeups) -> None:
        self._handlers = dict(handlers)
        self._wakeups = wakeups

    async def run(self) -> None:
        with self._wakeups.event(TOPIC) as stirred:
            while True:
                while await self.step():
                    pass
                await wake.wait(stirred, await self._until_next())

    async def step(self) -> bool:
        """Fire one due timer; False when none is due."""
        failed: tuple[db.Row, str] | None = None
        async with db.transaction():
            row = await db.fetchrow(TAKE, clock.now(), list(self._handlers))
            if row is None:
                return False
            try:
                async with db.savepoint():
                    await self._handlers[row["kind"]](row["key"], orjson.loads(row["data"]))
            except Exception as error:
                log.exception("timer_failed", kind=row["kind"], key=row["key"])
                failed = row, repr(error)
            if failed:
                await self._put_back(*failed)
        return True

    async def _put_back(self, row: db.Row, error: str) -> None:
        attempts = row["attempts"] + 1
        due = clock.now() + timedelta(seconds=min(2**attempts, 3600))
        await db.execute(AGAIN, row["kind"], row["key"], due, row["data"], attempts, error)

    async def _until_next(self) -> float:
        due = await db.fetchval(
            "SELECT min(due_at) FROM timer WHERE kind = ANY($1::text[])", list(self._handlers)
        )
        if due is None:
            return POLL
        # One that is overdue is in another process's hands at this moment.
        return float(min(max((due - clock.now()).total_seconds(), 0.05), POLL))

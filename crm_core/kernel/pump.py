"""Takes facts from the journal to their handlers: in order, once, none blocking another.

A handler only writes rows; its work and the mark that it was done commit together. An event a
handler can't take is set aside for that handler alone, retried, and in the end kept as dead.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from crm_core.kernel import clock, db
from crm_core.kernel.journal import PUMP_TOPIC, Event, Recorded, loads
from crm_core.kernel.wake import Wakeups, wait

log = structlog.get_logger(__name__)

Handle = Callable[[Sequence[Recorded]], Awaitable[None]]

PUMP_LOCK = 0x50554D50
BATCH = 200
MAX_ATTEMPTS = 8
POLL = 5.0
RETRY_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Handler:
    """Who takes which facts. `handle` gets them in journal order, several at once."""

    name: str
    events: tuple[type[Event], ...]
    handle: Handle

    def picks(self, recorded: Sequence[Recorded]) -> list[Recorded]:
        names = {event.__name__ for event in self.events}
        return [one for one in recorded if type(one.event).__name__ in names]


TAKE = """
SELECT id, type, at, actor, client_id, dialog_id, data FROM event
WHERE NOT pumped ORDER BY id LIMIT $1
"""
MARK = "UPDATE event SET pumped = true WHERE id = ANY($1::bigint[])"
SET_ASIDE = """
INSERT INTO event_failure (event_id, handler, attempts, next_at, error) VALUES ($1, $2, 1, $3, $4)
ON CONFLICT (event_id, handler) DO NOTHING
"""
DUE_HANDLERS = "SELECT DISTINCT handler FROM event_failure WHERE NOT dead AND next_at <= $1"
DUE = """
SELECT f.id AS failure, f.attempts, e.id, e.type, e.at, e.actor, e.client_id, e.dialog_id, e.data
FROM event_failure f JOIN event e ON e.id = f.event_id
WHERE f.handler = $1 AND NOT f.dead AND f.next_at <= $2
ORDER BY f.event_id LIMIT 1 FOR UPDATE OF f SKIP LOCKED
"""


class Pump:
    """One pump works at a time over all processes; the others stand by."""

    def __init__(self, handlers: Sequence[Handler], wakeups: Wakeups) -> None:
        self._handlers = handlers
        self._wakeups = wakeups

    async def run(self) -> None:
        time = asyncio.get_running_loop().time
        looked = -POLL
        with self._wakeups.event(PUMP_TOPIC) as stirred:
            while True:
                stirred.clear()  # whatever stirs from here on may be missed by this step
                idle = await self.step() < BATCH
                if time() - looked >= RETRY_EVERY:  # also when there is never a quiet moment
                    await self.retry_due()
                    looked = time()
                if idle:
                    await wait(stirred, POLL)

    async def drain(self) -> None:
        """Work until nothing is left (tests, one-off commands)."""
        while await self.step():
            pass

    async def step(self) -> int:
        """Take one batch; returns how many facts it held (0 when another process pumps)."""
        async with db.transaction():
            if not await db.fetchval("SELECT pg_try_advisory_xact_lock($1)", PUMP_LOCK):
                return 0
            rows = await db.fetch(TAKE, BATCH)
            if not rows:
                return 0
            await self._hand_out(loads(rows))
            await db.execute(MARK, [row["id"] for row in rows])
        return len(rows)

    async def _hand_out(self, recorded: list[Recorded]) -> None:
        """To all handlers at once; when one of them fails, to each by itself."""
        tasks = [(one, mine) for one in self._handlers if (mine := one.picks(recorded))]
        if len(tasks) > 1:
            with suppress(Exception):  # found again, and told, by whoever caused it
                async with db.savepoint():
                    for handler, mine in tasks:
                        await handler.handle(mine)
                return
        for handler, mine in tasks:
            await self._hand(handler, mine)

    async def _hand(self, handler: Handler, recorded: list[Recorded]) -> None:
        """All at once; when that fails, one by one, setting the bad ones aside."""
        if await self._try(handler, recorded) is None:
            return
        for one in recorded:
            error = await self._try(handler, [one])
            if error is not None:
                due = clock.now() + _pause(1)
                await db.execute(SET_ASIDE, one.id, handler.name, due, error)

    async def _try(self, handler: Handler, recorded: list[Recorded]) -> str | None:
        try:
            async with db.savepoint():
                await handler.handle(recorded)
        except Exception as error:
            log.exception("handler_failed", handler=handler.name, events=len(recorded))
            return repr(error)
        return None

    async def retry_due(self) -> int:
        """Try again what was set aside and is due; returns how many were taken."""
        now, done = clock.now(), 0
        due = {row["handler"] for row in await db.fetch(DUE_HANDLERS, now)}
        for handler in (one for one in self._handlers if one.name in due):
            while (taken := await self._retry_one(handler, now)) is not None:
                done += taken
        return done

    async def _retry_one(self, handler: Handler, now: datetime) -> bool | None:
        """Whether the first due one was taken this time; None when none is due."""
        async with db.transaction():
            row = await db.fetchrow(DUE, handler.name, now)
            return None if row is None else await self._retry(handler, row)

    async def _retry(self, handler: Handler, row: db.Row) -> bool:
        recorded = loads([row])
        error = await self._try(handler, recorded) if recorded else "the fact can't be read"
        if error is None:
            await db.execute("DELETE FROM event_failure WHERE id = $1", row["failure"])
            return True
        attempts = row["attempts"] + 1
        await db.execute(
            "UPDATE event_failure SET attempts = $2, next_at = $3, error = $4, dead = $5"
            " WHERE id = $1",
            row["failure"],
            attempts,
            clock.now() + _pause(attempts),
            error,
            attempts >= MAX_ATTEMPTS,
        )
        return False


def _pause(attempts: int) -> timedelta:
    return timedelta(seconds=min(2**attempts, 3600))


async def revive(handler: str | None = None) -> int:
    """Give dead deliveries another life (`pult replay events`); returns how many."""
    return await db.execute(
        "UPDATE event_failure SET dead = false, attempts = 0, next_at = $2"
        " WHERE dead AND ($1::text IS NULL OR handler = $1)",
        handler,
        clock.now(),
    )

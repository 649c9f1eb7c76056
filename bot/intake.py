"""Updates of the managers' bot as rows: stored before they are confirmed, handled per chat in
order, several chats at once; what a crash left unhandled is handled first."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import orjson
import structlog
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError

from channels.telegram.updates import RawUpdate, chat_of
from crm_core.kernel import clock, db, wake
from crm_core.kernel.wake import Wakeups

log = structlog.get_logger(__name__)

CHANNEL = 0
TOPIC = "bot:updates"
POLL = 5.0
BATCH = 100
MOST_WAITING = 400
CHATS_AT_ONCE = 8
ATTEMPTS = 4

STORE = """
WITH kept AS (
  INSERT INTO raw_event (channel_id, key, received_at, body, state)
  VALUES (0, $1, $2, $3::jsonb, 'new') ON CONFLICT (channel_id, key) DO NOTHING RETURNING 1)
SELECT pg_notify($4, $5) FROM kept
"""
REFUSE = """
INSERT INTO raw_event (channel_id, key, received_at, blob, state, error)
VALUES (0, $1, $2, $3, 'failed', $4) ON CONFLICT (channel_id, key) DO NOTHING
"""
TAKE = """
SELECT id, key, body FROM raw_event
WHERE channel_id = 0 AND state = 'new' AND id <> ALL($1::bigint[]) ORDER BY id LIMIT $2
"""
MARK = "UPDATE raw_event SET state = $2, error = $3 WHERE id = $1"

AGAIN = (TelegramNetworkError, TelegramRetryAfter, TelegramServerError)

Feed = Callable[[RawUpdate], Awaitable[None]]


async def store(update: RawUpdate) -> None:
    """Keep one update; known ones are left as they are."""
    key, body = str(update["update_id"]), orjson.dumps(update).decode()
    await db.execute(STORE, key, clock.now(), body, wake.CHANNEL, wake.payload(TOPIC))


async def refuse(key: str, body: bytes, reason: str) -> None:
    """Keep a body that is no update as failed."""
    key = key or f"body:{hashlib.sha256(body).hexdigest()[:32]}"
    await db.execute(REFUSE, key, clock.now(), body, reason)


class Feeder:
    """Hands stored updates to `feed`, one at a time per chat."""

    def __init__(
        self, feed: Feed, wakeups: Wakeups, pause: Callable[[float], Awaitable[Any]] = asyncio.sleep
    ) -> None:
        self._feed = feed
        self._wakeups = wakeups
        self._pause = pause
        self._busy: set[int] = set()
        self._lanes: dict[str, deque[db.Row]] = {}
        self._room = asyncio.Semaphore(MOST_WAITING)
        self._hands = asyncio.Semaphore(CHATS_AT_ONCE)

    async def run(self) -> None:
        # What a run that broke off had in hand is found again in the table.
        self._busy, self._lanes = set(), {}
        self._room = asyncio.Semaphore(MOST_WAITING)
        with self._wakeups.event(TOPIC) as stirred:
            async with asyncio.TaskGroup() as group:
                while True:
                    if await self._take(group) < BATCH:
                        await wake.wait(stirred, POLL)

    async def drain(self) -> None:
        """Handle everything that is stored now (tests)."""
        more = BATCH
        while more:
            async with asyncio.TaskGroup() as group:
                more = await self._take(group)

    async def _take(self, group: asyncio.TaskGroup) -> int:
        rows = await db.fetch(TAKE, list(self._busy), BATCH)
        for row in sorted(rows, key=_number):
            await self._room.acquire()
            self._busy.add(row["id"])
            chat = chat_of(orjson.loads(row["body"]))
            if chat in self._lanes:
                self._lanes[chat].append(row)
            else:
                self._lanes[chat] = deque([row])
                group.create_task(self._work(chat))
        return len(rows)

    async def _work(self, chat: str) -> None:
        lane = self._lanes[chat]
        try:
            while lane:
                await self._handle(lane[0])
                self._busy.discard(lane.popleft()["id"])
                self._room.release()
        finally:
            del self._lanes[chat]

    async def _handle(self, row: db.Row) -> None:
        error = None
        async with self._hands:
            try:
                await self._attempts(orjson.loads(row["body"]))
            except db.LOST:
                raise  # the service stops, starts again and finds the rows as they were
            except Exception as problem:
                log.exception("bot_update_failed", update=row["key"])
                error = repr(problem)[:2000]
        await db.execute(MARK, row["id"], "failed" if error else "done", error)

    async def _attempts(self, update: RawUpdate) -> None:
        """Commands carry the update's number, so a second attempt does nothing twice."""
        for attempt in range(1, ATTEMPTS):
            with suppress(*AGAIN):
                return await self._feed(update)
            await self._pause(2.0**attempt / 4)
        return await self._feed(update)


def _number(row: db.Row) -> tuple[int, int]:
    """Order of Telegram, whatever came first through several doors."""
    return (int(row["key"]) if row["key"].isdigit() else 0, row["id"])

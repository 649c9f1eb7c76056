"""The floor: the same rows by hand-written asyncpg, one transaction per message.

No HTTP, no parsing, no looking for the client, no routing, no NOTIFY; statements are prepared,
and the fact is written as already pumped. What is left is what must reach the disk.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson

from bench.updates import client_name, numbers, update

CHATS = 160
FIRST_CHAT = 900_000_000
CHANNEL = 9

RAW = """
INSERT INTO raw_event (channel_id, key, received_at, body, state)
VALUES ($1, $2, $3, $4::jsonb, 'done') ON CONFLICT (channel_id, key) DO NOTHING RETURNING id
"""
REF = """
INSERT INTO message_ref (channel_id, external_id, message_id)
VALUES ($1, $2, nextval('message_id_seq'))
ON CONFLICT (channel_id, external_id) DO NOTHING RETURNING message_id
"""
DIALOG = """
INSERT INTO dialog (channel_id, chat, identity_id, client_id, queue_id, state, opened_at, last_at,
  last_inbound_at, unanswered_since)
VALUES ($1, $2, 1, 1, NULL, 'waiting', $3, $3, $3, $3)
ON CONFLICT (channel_id, chat) WHERE state <> 'closed' DO UPDATE SET
  last_at = greatest(dialog.last_at, excluded.last_at),
  last_inbound_at = greatest(dialog.last_inbound_at, excluded.last_inbound_at),
  unanswered_since = coalesce(dialog.unanswered_since, excluded.unanswered_since)
RETURNING id
"""
MESSAGE = """
INSERT INTO message (id, dialog_id, client_id, direction, kind, text, at, created_at)
VALUES ($1, $2, 1, 'in', 'text', $3, $4, $4)
"""
EVENT = """
INSERT INTO event (type, at, actor, client_id, dialog_id, data, pumped)
VALUES ('MessageReceived', $1, 'system', 1, $2, $3::jsonb, true)
"""
NOTICE = """
INSERT INTO outbox (lane, chat, kind, data, priority, merge_key, slot, next_at, created_at)
VALUES ('floor', $1, 'words', $2::jsonb, 2, 'words', $3, $4, $4)
"""
STATEMENTS = (RAW, REF, DIALOG, MESSAGE, EVENT, NOTICE)


class Writer:
    """One connection with its prepared statements."""

    def __init__(self, connection: asyncpg.Connection, prepared: list[Any]) -> None:
        self._connection = connection
        self._raw, self._ref, self._dialog, self._message, self._event, self._notice = prepared

    async def store(self, number: int, chat: int) -> None:
        """Everything one message leaves in the database."""
        now = datetime.now(UTC)  # noqa: TID251 - the floor has no kernel
        body = update(number, chat, client_name(chat))
        text = orjson.loads(body)["message"]["text"]
        async with self._connection.transaction():
            await self._raw.fetchval(CHANNEL, str(number), now, body.decode())
            message = await self._ref.fetchval(CHANNEL, f"{chat}:{number}")
            dialog = await self._dialog.fetchval(CHANNEL, str(chat), now)
            await self._message.fetchval(message, dialog, text, now)
            await self._event.fetchval(now, dialog, f'{{"message_id": {message}}}')
            data = f'{{"dialog": {dialog}, "silent": false, "message": {message}}}'
            await self._notice.fetchval(str(chat), data, f"msg:{message}", now)


@asynccontextmanager
async def writers(dsn: str, count: int) -> AsyncIterator[list[Writer]]:
    """Connections ready to write."""
    connections = [await asyncpg.connect(dsn) for _ in range(count)]
    try:
        yield [
            Writer(one, [await one.prepare(statement) for statement in STATEMENTS])
            for one in connections
        ]
    finally:
        for one in connections:
            await one.close()


async def measure(lines: list[Writer], seconds: float) -> float:
    """Messages a second with all connections at work."""
    done, chats = 0, itertools.cycle(range(FIRST_CHAT, FIRST_CHAT + CHATS))
    begun = time.perf_counter()

    async def work(writer: Writer) -> None:
        nonlocal done
        while time.perf_counter() - begun < seconds:
            await writer.store(next(numbers), next(chats))
            done += 1

    async with asyncio.TaskGroup() as group:
        for writer in lines:
            group.create_task(work(writer))
    return done / (time.perf_counter() - begun)

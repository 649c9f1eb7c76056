"""Rows of the outbox taken for sending, and what became of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import asyncpg
import orjson

from crm_core.kernel import clock, db
from routing.lanes import OutRow

FIELDS = "id, lane, chat, kind, data, message_id, merge_key, attempts, created_at"

# The head of every chat that is free: only heads may leave, so a chat keeps its order.
# Walking from chat to chat over the index costs a probe a chat, however long their queues are.
HEADS = """
WITH RECURSIVE head AS (
  (SELECT id, chat, priority, next_at, merge_key FROM outbox
   WHERE lane = $1 AND state = 'queued' ORDER BY chat, id LIMIT 1)
  UNION ALL
  SELECT n.* FROM head h CROSS JOIN LATERAL (
    SELECT id, chat, priority, next_at, merge_key FROM outbox
    WHERE lane = $1 AND state = 'queued' AND chat > h.chat ORDER BY chat, id LIMIT 1) n
)
SELECT id, chat, merge_key, next_at FROM head
WHERE chat <> ALL($2::text[]) ORDER BY next_at > $3, priority, id
"""
# Neighbours of the head that may go with it in one request.
MERGED = f"""
UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id IN (SELECT id FROM outbox
WHERE lane = $1 AND chat = $2 AND state = 'queued' AND id >= $3 AND merge_key = $4
  AND next_at <= $5
  AND id < coalesce((SELECT min(id) FROM outbox WHERE lane = $1 AND chat = $2
    AND state = 'queued' AND id > $3 AND merge_key IS DISTINCT FROM $4), 9223372036854775807)
ORDER BY id LIMIT 50) AND state = 'queued' RETURNING {FIELDS}
"""  # noqa: S608
CLAIM = f"""
UPDATE outbox SET state = 'sending', attempts = attempts + 1
WHERE id = ANY($1::bigint[]) AND state = 'queued' RETURNING {FIELDS}
"""  # noqa: S608


async def heads(lane: str, busy: Sequence[str]) -> list[db.Row]:
    """The next row of every chat but the busy ones; due ones first, urgent before others."""
    return await db.fetch(HEADS, lane, list(busy), clock.now())


async def claim(lane: str, heads: Sequence[db.Row]) -> AsyncIterator[list[OutRow]]:
    """Take the heads of several chats, each with the neighbours it may be merged with.

    What was taken is handed over before more is tried: a fault must not leave it lying.
    """
    single = [head["id"] for head in heads if not head["merge_key"]]
    taken = await db.fetch(CLAIM, single) if single else []
    for row in sorted(taken, key=lambda row: single.index(row["id"])):
        yield [_row(row)]
    for head in heads:
        if head["merge_key"] and (rows := await _merged(lane, head)):
            yield rows


async def _merged(lane: str, head: db.Row) -> list[OutRow]:
    chat, key = head["chat"], head["merge_key"]
    rows = await db.fetch(MERGED, lane, chat, head["id"], key, clock.now())
    return [_row(row) for row in sorted(rows, key=lambda row: row["id"])]


def _row(row: db.Row) -> OutRow:
    return OutRow(**dict(row) | {"data": orjson.loads(row["data"])})


SETTLE = """
UPDATE outbox SET state = $2, error = $3, external_id = coalesce($4, external_id), done_at = $5
WHERE id = ANY($1::bigint[]) AND state IN ('sending', 'unknown')
"""


async def settle(
    ids: Sequence[int], state: str, *, error: str | None = None, external_id: str | None = None
) -> None:
    """Write the outcome of claimed rows."""
    await db.execute(SETTLE, list(ids), state, error, external_id, clock.now())


REQUEUE = """
UPDATE outbox SET state = 'queued', next_at = $2, error = $3,
  attempts = CASE WHEN $4 THEN attempts ELSE greatest(attempts - 1, 0) END
WHERE id = ANY($1::bigint[]) AND state = 'sending'
  AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.lane = outbox.lane AND o.chat = outbox.chat
    AND o.slot = outbox.slot AND o.state = 'queued' AND o.id <> outbox.id)
"""
SUPERSEDE = """
UPDATE outbox SET state = 'cancelled', done_at = $2 WHERE id = ANY($1::bigint[])
  AND state = 'sending'
"""


async def requeue(
    ids: Sequence[int], *, after: float, error: str | None = None, counts: bool = True
) -> None:
    """Send later; a row whose slot was meanwhile taken by a newer one gives way to it."""
    due: datetime = clock.now() + timedelta(seconds=after)
    while True:
        # A newer row may take the slot between our look and our write: then we look again.
        with suppress(asyncpg.UniqueViolationError):
            async with db.savepoint():
                await db.execute(REQUEUE, list(ids), due, error, counts)
                await db.execute(SUPERSEDE, list(ids), clock.now())
            return


INTERRUPTED = """
SELECT id, message_id FROM outbox WHERE lane = $1 AND state = 'sending'
"""


async def interrupted(lane: str) -> list[db.Row]:
    """Rows a dead process was sending: nobody knows whether they arrived."""
    return await db.fetch(INTERRUPTED, lane)

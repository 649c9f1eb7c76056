"""One batch of inbound events in one transaction: raw rows, messages, routing, facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from crm_core.dialogs.messages import InboundEvent, InboundMessage
from crm_core.kernel import clock, db
from crm_core.kernel.journal import emit
from routing.contracts import RawEvent
from routing.inbound import failures, messages, others


@dataclass(slots=True, kw_only=True, eq=False)
class Item:
    """An event on its way. `fresh` is set when it is stored, `error` when it could not be;
    `failure` says why it could not be understood (it is then kept as failed)."""

    channel_id: int
    raw: RawEvent
    events: tuple[InboundEvent, ...] = ()
    failure: str | None = None
    fresh: bool | None = field(default=None)
    error: BaseException | None = None

    @property
    def key(self) -> tuple[int, str]:
        return self.channel_id, self.raw.key[:200]


# Sorted, so that two batches of two processes never wait for each other in a ring.
INSERT = """
INSERT INTO raw_event (channel_id, key, received_at, body, state, error)
SELECT c, k, $3, b::jsonb, CASE WHEN e IS NULL THEN 'done' ELSE 'failed' END, e
FROM unnest($1::bigint[], $2::text[], $4::text[], $5::text[]) AS u(c, k, b, e)
ORDER BY c, k
ON CONFLICT (channel_id, key) DO NOTHING RETURNING channel_id, key
"""
KEEP = """
INSERT INTO raw_event (channel_id, key, received_at, blob, state, error)
VALUES ($1, $2, $3, $4, 'failed', $5) ON CONFLICT (channel_id, key) DO NOTHING
"""


async def commit(items: Sequence[Item]) -> None:
    """Store the items and everything that follows from them, or nothing."""
    unique = list({item.key: item for item in reversed(items)}.values())[::-1]
    async with db.transaction():
        known = await _insert_raw(unique)
        await apply(
            [
                (item.channel_id, event)
                for item in unique
                if item.key in known
                for event in item.events
            ]
        )
    for item in items:
        item.fresh = item.key in known and item in unique


async def _insert_raw(items: Sequence[Item]) -> set[tuple[int, str]]:
    rows = await db.fetch(
        INSERT,
        [item.channel_id for item in items],
        [item.key[1] for item in items],
        clock.now(),
        [_body(item.raw.body) for item in items],
        [item.failure for item in items],
    )
    return {(row["channel_id"], row["key"]) for row in rows}


def _body(body: dict[str, Any]) -> str:
    """JSON text PostgreSQL takes: it has no place for NUL characters."""
    dumped = orjson.dumps(body)
    if b"\\u0000" in dumped:
        dumped = orjson.dumps(_without_nul(body))
    return dumped.decode()


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(one) for key, one in value.items()}
    return value


async def apply(events: Sequence[tuple[int, InboundEvent]]) -> None:
    """Do what the events mean, in the transaction in force: (channel id, event) pairs."""
    await failures.hold(failures.parts_of(events))
    incoming = [(channel, one) for channel, one in events if isinstance(one, InboundMessage)]
    facts = await messages.take(incoming) if incoming else []
    for channel, event in events:
        if not isinstance(event, InboundMessage):
            facts += await others.take(channel, event)
    await emit(*facts)


async def keep(channel_id: int, key: str, body: bytes, reason: str) -> None:
    """Keep what could not be understood, as it came."""
    await db.execute(KEEP, channel_id, key, clock.now(), body, reason[:2000])

"""Putting rows into the outbox and telling their lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from crm_core.kernel import clock, db, wake

BOT_LANE = "bot"


def channel_lane(channel_id: int) -> str:
    return f"channel:{channel_id}"


def topic(lane: str) -> str:
    """The wake-up topic of a lane."""
    return f"outbox:{lane}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A row to be put: see crm_core.outbox.models.Outbox for the meaning of every field."""

    lane: str
    chat: str
    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    message_id: int | None = None
    priority: int = 5
    merge_key: str | None = None
    slot: str | None = None
    not_before: datetime | None = None


# A waiting row of the same slot is replaced in place and keeps its turn.
PUT = """
WITH put AS (
  INSERT INTO outbox
    (lane, chat, kind, data, message_id, priority, merge_key, slot, next_at, created_at)
  SELECT l, c, k, d::jsonb, m, p, g, s, coalesce(n, $10), $10
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::int[],
    $7::text[], $8::text[], $9::timestamptz[]) AS u(l, c, k, d, m, p, g, s, n)
  ON CONFLICT (lane, chat, slot) WHERE state = 'queued' DO UPDATE
  SET kind = excluded.kind, data = excluded.data, message_id = excluded.message_id,
      priority = least(outbox.priority, excluded.priority), next_at = excluded.next_at)
SELECT pg_notify($11, t) FROM unnest($12::text[]) AS t
"""


async def put(*posts: Post) -> None:
    """Queue rows, in this order; lanes are told on commit."""
    if not posts:
        return
    await db.execute(
        PUT,
        [post.lane for post in posts],
        [post.chat for post in posts],
        [post.kind for post in posts],
        [orjson.dumps(post.data).decode() for post in posts],
        [post.message_id for post in posts],
        [post.priority for post in posts],
        [post.merge_key for post in posts],
        [post.slot for post in posts],
        [post.not_before for post in posts],
        clock.now(),
        wake.CHANNEL,
        [wake.payload(topic(lane)) for lane in sorted({post.lane for post in posts})],
    )


async def tell(lanes: set[str] | Sequence[str]) -> None:
    """Wake the workers of these lanes when the transaction commits."""
    for lane in sorted(lanes):
        await wake.notify(topic(lane))

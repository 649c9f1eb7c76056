"""What became of single parts of ours that had left: delivered, read, or not arrived after all.

A provider may tell it before its own answer to our request is written down; then it is kept and
applied when the part becomes known. Both sides hold the part's key meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm_core.dialogs.messages import InboundEvent, InboundFailure, InboundReceipt
from crm_core.dialogs.statuses import refresh_status
from crm_core.kernel import clock, db

KEPT = timedelta(days=1)

# Sorted, so that two transactions never wait for each other in a ring.
HOLD = """
SELECT pg_advisory_xact_lock(k) FROM (
  SELECT DISTINCT hashtextextended(c || ':' || e, 7) AS k
  FROM unnest($1::bigint[], $2::text[]) AS u(c, e) ORDER BY 1) AS keys
"""
KNOWN = "SELECT message_id FROM message_ref WHERE channel_id = $1 AND external_id = $2"
# What is being sent again no longer means the attempt that is spoken of.
MARK = """
UPDATE outbox SET state = $3, error = $4 WHERE message_id = $1 AND external_id = $2
  AND kind = 'part' AND (state = 'sent' OR (state = 'delivered' AND $3 IN ('read', 'failed')))
RETURNING id
"""
KEEP = """
WITH old AS (DELETE FROM early_mark WHERE at < $6)
INSERT INTO early_mark (channel_id, external_id, state, error, at) VALUES ($1, $2, $3, $4, $5)
"""
TAKE = """
DELETE FROM early_mark WHERE channel_id = $1 AND external_id = $2 RETURNING state, error, at
"""


async def hold(parts: Sequence[tuple[int, str]]) -> None:
    """Let nobody else speak of these parts (channel id, external id) until the commit."""
    if parts:
        ids = [external_id[:160] for _, external_id in parts]
        await db.execute(HOLD, [channel_id for channel_id, _ in parts], ids)


def parts_of(events: Sequence[tuple[int, InboundEvent]]) -> list[tuple[int, str]]:
    """The parts that a batch of events speaks of one by one."""
    return [
        (channel_id, event.external_id)
        for channel_id, event in events
        if isinstance(event, InboundFailure) or (isinstance(event, InboundReceipt) and event.only)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is said of one part."""

    channel_id: int
    external_id: str
    state: str
    at: datetime
    error: str | None = None


async def take_failure(event: InboundFailure, channel_id: int) -> None:
    """The part counts as failed, for the reason the provider gave."""
    mark = Mark(
        channel_id=channel_id,
        external_id=event.external_id[:160],
        state="failed",
        at=event.at,
        error=event.reason[:500],
    )
    await _take(mark)


async def take_receipt(event: InboundReceipt, channel_id: int) -> None:
    """Just this part reached its state."""
    mark = Mark(
        channel_id=channel_id,
        external_id=event.external_id[:160],
        state=event.status,
        at=event.at,
    )
    await _take(mark)


async def _take(mark: Mark) -> None:
    message_id = await db.fetchval(KNOWN, mark.channel_id, mark.external_id)
    if message_id is None:
        said = (mark.channel_id, mark.external_id, mark.state, mark.error, mark.at)
        await db.execute(KEEP, *said, clock.now() - KEPT)
    elif await _mark_part(message_id, mark):
        await refresh_status(message_id)


# A part may have left as several pieces (long SMS): it is named after the first of its ids, and the
# loss of any of them is its loss. Ids of an attempt stand together, those of an earlier one before.
OF_PIECE = """
WITH own AS (
  SELECT o.id, r.id AS ref FROM outbox o
  JOIN message_ref r ON r.channel_id = $4 AND r.external_id = o.external_id
  WHERE o.message_id = $1 AND o.kind = 'part' AND r.id <
    (SELECT p.id FROM message_ref p WHERE p.channel_id = $4 AND p.external_id = $2))
UPDATE outbox SET state = 'failed', error = $3
WHERE id = (SELECT id FROM own ORDER BY ref DESC LIMIT 1) AND state IN ('sent', 'delivered')
  AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = $1 AND o.external_id = $2)
RETURNING id
"""


async def _mark_part(message_id: int, mark: Mark) -> bool:
    if await db.fetch(MARK, message_id, mark.external_id, mark.state, mark.error):
        return True
    if mark.state != "failed":
        return False
    where = (message_id, mark.external_id, mark.error, mark.channel_id)
    return bool(await db.fetch(OF_PIECE, *where))


async def catch_up(channel_id: int, external_id: str, message_id: int) -> None:
    """A part was sent: apply what was told of it too early. In the transaction of its outcome."""
    rows = await db.fetch(TAKE, channel_id, external_id[:160])
    for row in sorted(rows, key=lambda row: row["at"]):
        await db.fetch(MARK, message_id, external_id[:160], row["state"], row["error"])

"""What became of single parts of ours that had left: delivered, read, or not arrived after all.

A provider may tell it before its own answer to our request is written down; then it is kept and
applied when the part becomes known. Both sides hold the part's key meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
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


async def take_failure(event: InboundFailure, channel_id: int) -> None:
    """The part counts as failed, for the reason the provider gave."""
    await _mark(channel_id, event.external_id, ("failed", event.reason[:500], event.at))


async def take_receipt(event: InboundReceipt, channel_id: int) -> None:
    """Just this part reached its state."""
    await _mark(channel_id, event.external_id, (event.status, None, event.at))


async def _mark(channel_id: int, external_id: str, said: tuple[str, str | None, datetime]) -> None:
    state, error, at = said
    external_id = external_id[:160]
    message_id = await db.fetchval(KNOWN, channel_id, external_id)
    if message_id is None:
        await db.execute(KEEP, channel_id, external_id, state, error, at, clock.now() - KEPT)
    elif await _mark_part(message_id, external_id, state, error):
        await refresh_status(message_id)


# A part may have left as several pieces (long SMS): it is named after one of them, and the loss of
# any of them is its loss.
OF_PIECE = """
UPDATE outbox SET state = 'failed', error = $3 WHERE message_id = $1 AND kind = 'part'
  AND state IN ('sent', 'delivered')
  AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = $1 AND o.external_id = $2)
RETURNING id
"""


async def _mark_part(message_id: int, external_id: str, state: str, error: str | None) -> bool:
    if await db.fetch(MARK, message_id, external_id, state, error):
        return True
    if state != "failed":
        return False
    return bool(await db.fetch(OF_PIECE, message_id, external_id, error))


async def catch_up(channel_id: int, external_id: str, message_id: int) -> None:
    """A part was sent: apply what was told of it too early. In the transaction of its outcome."""
    rows = await db.fetch(TAKE, channel_id, external_id[:160])
    for row in sorted(rows, key=lambda row: row["at"]):
        await db.fetch(MARK, message_id, external_id[:160], row["state"], row["error"])

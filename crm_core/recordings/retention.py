"""Recordings whose time is over leave: their files first, and nothing of them stays behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from crm_core.files.store import store
from crm_core.kernel import clock, db
from crm_core.kernel.journal import emit
from crm_core.recordings.events import RecordingRemoved
from crm_core.recordings.queries import retention

BATCH = 200

OLD = """
SELECT call_id, made_at, queue FROM call_recording
WHERE state = 'stored' AND made_at < $1 AND call_id > $2 ORDER BY call_id LIMIT $3
"""
LEAVE = "UPDATE call_recording SET state = 'leaving' WHERE call_id = ANY($1::bigint[])"
LEAVING = """
SELECT r.call_id, r.sha, r.original_sha, c.client_id
FROM call_recording r LEFT JOIN call c ON c.id = r.call_id WHERE r.state = 'leaving' LIMIT $1
"""
# The same content may also have been sent to a client, or be another call's.
FREE = """
DELETE FROM stored_file f WHERE f.sha = ANY($1::text[])
  AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.sha = f.sha)
  AND NOT EXISTS (SELECT 1 FROM call_recording r
                  WHERE r.state = 'stored' AND (r.sha = f.sha OR r.original_sha = f.sha))
RETURNING f.sha
"""
GONE = """
UPDATE call_recording
SET state = 'removed', sha = NULL, original_sha = NULL, size = NULL, bars = NULL
WHERE call_id = ANY($1::bigint[]) AND state = 'leaving'
"""


async def sweep() -> int:
    """Remove what is over by the rule in force; returns how many recordings left.

    First the rows are marked, then the files go, then the rows say so: wherever this is
    interrupted, the next sweep finishes it.
    """
    await _mark()
    total = 0
    while leaving := await db.fetch(LEAVING, BATCH):
        await _remove(leaving)
        total += len(leaving)
    return total


async def _mark() -> None:
    rule, now = await retention(), clock.now()
    days, last = rule.shortest(), 0
    if days is None:
        return
    while rows := await db.fetch(OLD, now - timedelta(days=days), last, BATCH):
        last = rows[-1]["call_id"]
        over = [row["call_id"] for row in rows if rule.is_over(row["made_at"], row["queue"], now)]
        if over:
            await db.execute(LEAVE, over)


async def _remove(leaving: Sequence[db.Row]) -> None:
    files = sorted({sha for row in leaving for sha in (row["sha"], row["original_sha"]) if sha})
    async with db.transaction():
        for row in await db.fetch(FREE, files):
            await store().remove(row["sha"])
        await db.execute(GONE, [row["call_id"] for row in leaving])
        facts = [
            RecordingRemoved(client_id=row["client_id"], call_id=row["call_id"]) for row in leaving
        ]
        await emit(*facts)

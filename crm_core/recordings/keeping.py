"""The rows of recordings on their way: expected, looked at, stored, given up. Raw statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from crm_core.calls.events import CallChanged, CallEnded
from crm_core.files.store import Stored
from crm_core.kernel import clock, db, wake
from crm_core.kernel.journal import Recorded, emit
from crm_core.kernel.pump import Handler
from crm_core.recordings.events import RecordingStored, RecordingUnavailable

TOPIC = "recordings"
# A PBX closes the file some moments after the call.
SOON = timedelta(seconds=1)
# Whoever takes one has it until the lease ends; a dead process's work is taken again.
LEASE = timedelta(minutes=15)

EXPECT = """
INSERT INTO call_recording (call_id, pbx_id, source, state, next_at, made_at, queue)
SELECT c.id, c.pbx_id, c.recording, 'pending', $2, c.started_at, c.queue FROM call c
WHERE c.id = ANY($1::bigint[]) AND c.recording <> '' AND c.state = 'ended' AND c.talk_seconds > 0
ON CONFLICT (call_id) DO NOTHING
"""


async def expect(call_ids: Sequence[int]) -> None:
    """Calls in which somebody spoke and that the PBX has recorded: fetch what it has."""
    if await db.execute(EXPECT, call_ids, clock.now() + SOON):
        await wake.notify(TOPIC)


async def _on_calls(recorded: Sequence[Recorded]) -> None:
    facts = [one.event for one in recorded]
    await expect([one.call_id for one in facts if isinstance(one, CallEnded | CallChanged)])


HANDLERS: tuple[Handler, ...] = (Handler("recordings", (CallEnded, CallChanged), _on_calls),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A recording to be looked at now; `seen`: bytes it had the last time."""

    call_id: int
    client_id: int | None
    pbx_id: int | None
    source: str
    made_at: datetime
    attempts: int
    seen: int | None


TAKE = """
WITH taken AS (
  UPDATE call_recording SET next_at = $2, attempts = attempts + 1 WHERE call_id = (
    SELECT call_id FROM call_recording WHERE state = 'pending' AND next_at <= $1
    ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING call_id, pbx_id, source, made_at, attempts, seen)
SELECT t.*, c.client_id FROM taken t JOIN call c ON c.id = t.call_id
"""


async def take() -> Due | None:
    """The next one that is due; it is this worker's for the time of a lease."""
    now = clock.now()
    row = await db.fetchrow(TAKE, now, now + LEASE)
    return None if row is None else Due(**row)


async def look_again(due: Due, pause: timedelta, *, seen: int | None = None) -> None:
    """Another look later. With `seen` it is growing, or was seen for the first time: that is
    no failed attempt."""
    attempts = due.attempts - 1 if seen is not None else due.attempts
    await db.execute(
        "UPDATE call_recording SET next_at = $2, seen = coalesce($3, seen), attempts = $4"
        " WHERE call_id = $1 AND state = 'pending'",
        due.call_id,
        clock.now() + pause,
        seen,
        attempts,
    )


KEEP_FILE = """
INSERT INTO stored_file (sha, size, mime)
SELECT s, z, m FROM unnest($1::text[], $2::bigint[], $3::text[]) AS u(s, z, m) ORDER BY s
ON CONFLICT (sha) DO NOTHING
"""
STORED = """
UPDATE call_recording SET state = 'stored', sha = $2, original_sha = $3, size = $4,
  duration_ms = $5, bars = $6::jsonb, next_at = NULL, reason = NULL
WHERE call_id = $1 AND state = 'pending'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was stored: the file as it came, the copy phones play, its length and picture."""

    original: Stored
    copy: Stored
    duration_ms: int
    bars: list[int]


async def stored(due: Due, kept: Kept) -> None:
    """It is here: the row, its files and the fact at once."""
    files = sorted({one.sha: one for one in (kept.original, kept.copy)}.values(), key=_sha)
    bars = orjson.dumps(kept.bars).decode()
    async with db.transaction():
        await db.execute(
            KEEP_FILE,
            [one.sha for one in files],
            [one.size for one in files],
            [one.mime for one in files],
        )
        if await db.execute(
            STORED,
            due.call_id,
            kept.copy.sha,
            kept.original.sha,
            kept.copy.size,
            kept.duration_ms,
            bars,
        ):
            fact = RecordingStored(
                client_id=due.client_id, call_id=due.call_id, duration_ms=kept.duration_ms
            )
            await emit(fact)


def _sha(one: Stored) -> str:
    return one.sha


async def give_up(due: Due, reason: str) -> None:
    """It will not come; `reason` is an English msgid."""
    async with db.transaction():
        if await db.execute(
            "UPDATE call_recording SET state = 'unavailable', reason = $2, next_at = NULL"
            " WHERE call_id = $1 AND state = 'pending'",
            due.call_id,
            reason[:120],
        ):
            fact = RecordingUnavailable(
                client_id=due.client_id, call_id=due.call_id, reason=reason[:120]
            )
            await emit(fact)


async def again(call_id: int) -> bool:
    """Look for one that was given up once more; False when there is none."""
    found = await db.execute(
        "UPDATE call_recording SET state = 'pending', attempts = 0, seen = NULL, next_at = $2"
        " WHERE call_id = $1 AND state = 'unavailable'",
        call_id,
        clock.now(),
    )
    await wake.notify(TOPIC)
    return bool(found)

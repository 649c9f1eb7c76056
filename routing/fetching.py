"""Files that still lie with the provider are brought into the store, streamed, with retries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from crm_core.accounts.queries import account
from crm_core.files.store import store
from crm_core.kernel import clock, db, wake
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.wake import Wakeups
from routing.contracts import Channel, DeliveryError, Rejected
from routing.inbound.attached import TOPIC

log = structlog.get_logger(__name__)

POLL = 5.0
PARALLEL = 4
MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=5)
OFF_PAUSE = timedelta(seconds=5)
REMOVED, NOT_AVAILABLE = N_("the channel was removed"), N_("not available")

# Whoever takes a file has it until the lease ends; a dead process's files are taken again.
TAKE = """
UPDATE attachment SET next_at = $2, attempts = attempts + 1 WHERE id = (
  SELECT id FROM attachment WHERE state = 'pending' AND next_at <= $1
  ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, channel_id, message_id, ref, attempts
"""
STORED = """
WITH kept AS (
  INSERT INTO stored_file (sha, size, mime) VALUES ($2, $3, $4) ON CONFLICT (sha) DO NOTHING)
UPDATE attachment SET state = 'stored', sha = $2, size = $3, next_at = NULL WHERE id = $1
"""
WAIT = "UPDATE attachment SET next_at = $2, attempts = attempts - 1 WHERE id = $1"
UNAVAILABLE = """
UPDATE attachment SET state = 'unavailable', reason = $2, next_at = NULL WHERE id = $1
"""


class Fetcher:
    """Fetches pending files; `channel_of` gives the live channel of an account, if any."""

    def __init__(
        self, channel_of: Callable[[int], Channel | None], wakeups: Wakeups, *, limit: int
    ) -> None:
        self._channel_of = channel_of
        self._wakeups = wakeups
        self._limit = limit

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(PARALLEL):
                tasks.create_task(self._work())

    async def _work(self) -> None:
        with self._wakeups.event(TOPIC) as stirred:
            while True:
                if not await self.step():
                    await wake.wait(stirred, POLL)

    async def step(self) -> bool:
        """Fetch one file; False when none is due."""
        now = clock.now()
        row = await db.fetchrow(TAKE, now, now + LEASE)
        if row is None:
            return False
        channel = self._channel_of(row["channel_id"])
        if channel is None:
            await self._without_channel(row)
            return True
        try:
            await self._fetch(channel, row)
        except (Rejected, Invalid) as error:
            await db.execute(UNAVAILABLE, row["id"], str(error)[:120])
        except (DeliveryError, OSError, TimeoutError) as error:
            await self._later(row, str(error))
        except Exception as error:
            log.exception("file_not_fetched", attachment=row["id"])
            await self._later(row, repr(error))
        return True

    async def _without_channel(self, row: db.Row) -> None:
        """Switched off, the file waits with its attempts untouched; removed, it is lost."""
        if await account(row["channel_id"]) is None:
            await db.execute(UNAVAILABLE, row["id"], REMOVED)
            return
        await db.execute(WAIT, row["id"], clock.now() + OFF_PAUSE)

    async def _fetch(self, channel: Channel, row: db.Row) -> None:
        kept = await store().put(channel.fetch(row["ref"]), limit=self._limit)
        await db.execute(STORED, row["id"], kept.sha, kept.size, kept.mime)
        log.info("file_stored", attachment=row["id"], size=kept.size)

    async def _later(self, row: db.Row, reason: str) -> None:
        if row["attempts"] >= MAX_ATTEMPTS:
            await db.execute(UNAVAILABLE, row["id"], reason[:120] or NOT_AVAILABLE)
            return
        due = clock.now() + timedelta(seconds=min(2 ** row["attempts"], 600))
        await db.execute("UPDATE attachment SET next_at = $2 WHERE id = $1", row["id"], due)
        log.info("file_postponed", attachment=row["id"], reason=reason[:120])

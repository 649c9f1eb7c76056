"""Group commit of inbound events: whoever comes while a transaction runs joins the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson
import structlog

from crm_core.accounts import health
from crm_core.dialogs.messages import InboundEvent
from crm_core.kernel import clock, db
from routing.contracts import RawEvent
from routing.inbound import store

log = structlog.get_logger(__name__)

Parse = Callable[[dict[str, Any]], Sequence[InboundEvent]]
BATCH = 100
# When the database is away nothing is known about the event: the provider must repeat it.
AWAY = db.AWAY
AGAIN = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


class InboundPipe:
    """Takes events of all channel accounts of this process, many in one transaction.

    There is no worker: the first caller commits for everybody who waits behind it.
    """

    def __init__(self) -> None:
        self._waiting: list[store.Item] = []
        self._turn = asyncio.Lock()

    def intake(self, channel_id: int, parse: Parse) -> AccountIntake:
        """What one account hands its events to (routing.contracts.Intake)."""
        return AccountIntake(self, channel_id, parse)

    async def put(self, item: store.Item) -> bool:
        """Commit the item with all that wait; False when its key was known."""
        self._waiting.append(item)
        try:
            async with self._turn:
                if item in self._waiting:
                    batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                    await self._commit(batch)
        except asyncio.CancelledError:
            if item in self._waiting:
                self._waiting.remove(item)
            raise
        if item.error is not None:
            raise item.error
        if item.fresh is None:
            message = "the event was not stored"
            raise RuntimeError(message)
        return item.fresh

    async def _commit(self, batch: list[store.Item]) -> None:
        try:
            await store.commit(batch)
            await health.note({item.channel_id for item in batch}, "in")
        except asyncio.CancelledError:
            # The one whose turn it was has gone; the others still wait for theirs.
            self._waiting = [item for item in batch if item.fresh is None] + self._waiting
            raise
        except AWAY as error:
            for item in batch:
                item.error = error
        except Exception as error:
            if isinstance(error, AGAIN):
                log.info("inbound_batch_again", events=len(batch))
            else:
                log.exception("inbound_batch_failed", events=len(batch))
            for item in batch:
                await self._alone(item)

    async def _alone(self, item: store.Item) -> None:
        """One event in a transaction of its own; what can't be taken is kept as failed."""
        for attempt in range(3):
            try:
                item.fresh = None
                await store.commit([item])
            except AGAIN:
                if attempt < 2:
                    continue
                item.error = RuntimeError("the database is too busy")
            except AWAY as error:
                item.error = error
            except Exception as error:
                log.exception("inbound_event_failed", channel=item.channel_id, key=item.raw.key)
                await _keep_failed(item, repr(error))
            return


async def _keep_failed(item: store.Item, reason: str) -> None:
    body = orjson.dumps(item.raw.body)
    try:
        await store.keep(*item.key, body, reason)
        item.fresh = True
    except Exception as error:  # noqa: BLE001 - raised to the one who brought the event
        item.error = error


@dataclass(frozen=True, slots=True)
class AccountIntake:
    """An account's door to the pipe."""

    pipe: InboundPipe
    channel_id: int
    parse: Parse

    async def accept(self, raw: RawEvent) -> bool:
        """Store the event and all that follows; False for a known key."""
        item = store.Item(channel_id=self.channel_id, raw=raw)
        try:
            item.events = tuple(self.parse(raw.body))
        except Exception as error:  # noqa: BLE001 - kept as failed, with its reason
            log.warning(
                "inbound_unparsable", channel=self.channel_id, key=raw.key, error=str(error)
            )
            item.failure = f"{type(error).__name__}: {error}"[:2000]
        return await self.pipe.put(item)

    async def refuse(self, key: str, body: bytes, reason: str) -> None:
        """Keep a body that is no event at all."""
        await store.keep(self.channel_id, key[:200], body, reason)


async def replay(channel_id: int, parse: Parse) -> tuple[int, int]:
    """Try failed events of an account again; returns (taken, still failing)."""
    rows = await db.fetch(
        "SELECT id, key, body, blob FROM raw_event"
        " WHERE channel_id = $1 AND state = 'failed' ORDER BY id",
        channel_id,
    )
    taken = 0
    for row in rows:
        taken += await _replay_one(row, channel_id, parse)
    return taken, len(rows) - taken


async def _replay_one(row: db.Row, channel_id: int, parse: Parse) -> bool:
    try:
        body = orjson.loads(row["blob"] if row["body"] is None else row["body"])
        events = tuple(parse(body))
        async with db.transaction():
            await store.apply([(channel_id, event) for event in events])
            await db.execute(
                "UPDATE raw_event SET state = 'done', error = NULL WHERE id = $1", row["id"]
            )
    except Exception as error:  # noqa: BLE001 - kept, with its new reason
        log.warning("replay_failed", channel=channel_id, key=row["key"], error=str(error))
        await db.execute(
            "UPDATE raw_event SET error = $2, received_at = $3 WHERE id = $1",
            row["id"],
            str(error)[:2000],
            clock.now(),
        )
        return False
    return True

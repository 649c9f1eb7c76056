"""The worker of one lane: the next row of every free chat, as fast as the provider allows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from crm_core.kernel import clock, db
from crm_core.kernel.supervisor import Crew
from crm_core.kernel.wake import Wakeups, wait
from crm_core.outbox.rows import topic
from routing.contracts import DeliveryError, OutcomeUnknown
from routing.lanes import LaneSender, NotReady, OutRow, Skipped
from routing.outbound import claims, outcomes
from routing.outbound.pacing import Pacer

log = structlog.get_logger(__name__)

POLL = 5.0
PARALLEL = 24
GRACE = 15.0
AWAY_PAUSE = 0.5

Write = Callable[[], Awaitable[None]]


class LaneWorker:
    """Works a lane alone (the caller holds its lock): one request in flight per chat."""

    def __init__(self, lane: str, sender: LaneSender, wakeups: Wakeups) -> None:
        self._lane = lane
        self._sender = sender
        self._wakeups = wakeups
        self._pacer = Pacer(sender.pacing)
        self._busy: set[str] = set()
        self._stirred = asyncio.Event()
        self._crew = Crew()
        self._unwritten: list[Write] = []
        # Who had the lane before may have marked the account: the first success clears it.
        self._broken = True

    async def run(self) -> None:
        for write in list(self._unwritten):
            await self._insist(write)
        await outcomes.recover(self._lane, resend_unknown=self._sender.resend_unknown)
        with self._wakeups.event(topic(self._lane)) as stirred:
            self._stirred = stirred
            try:
                while True:
                    await wait(stirred, await self._round_or_pause())
            finally:
                # What has left must get its outcome written, also when we are told to stop.
                await self._crew.close(GRACE)

    async def _round_or_pause(self) -> float:
        try:
            return await self._round()
        except (*db.AWAY, *db.AGAIN) as error:
            # Sends in flight go on: their outcomes are kept until they can be written.
            log.warning("lane_without_database", lane=self._lane, error=str(error))
            return AWAY_PAUSE

    async def _round(self) -> float:
        """Start what may leave now; returns for how long nothing more can."""
        now = asyncio.get_running_loop().time()
        free = min(self._pacer.tokens(now), PARALLEL - len(self._busy))
        if free <= 0:
            # With all hands busy the end of a send stirs us.
            return POLL if len(self._busy) >= PARALLEL else self._pacer.lane_wait(now)
        resting = self._pacer.resting(now)
        heads = await claims.heads(self._lane, sorted(self._busy | set(resting)))
        due = [head for head in heads if head["next_at"] <= clock.now()]
        async for rows in claims.claim(self._lane, due[:free]):
            self._start(rows)
        if len(due) > free:
            return self._pacer.lane_wait(asyncio.get_running_loop().time())
        later = [(head["next_at"] - clock.now()).total_seconds() for head in heads[len(due) :]]
        return float(max(0.0, min([POLL, *later, *resting.values()])))

    def _start(self, rows: list[OutRow]) -> None:
        chat = rows[0].chat
        now = asyncio.get_running_loop().time()
        self._pacer.take(chat, now, group=self._sender.is_group(chat))
        self._busy.add(chat)
        self._crew.start(self._send(chat, rows))

    async def _send(self, chat: str, rows: list[OutRow]) -> None:
        try:
            await self._attempt(chat, rows)
        finally:
            self._busy.discard(chat)
            self._stirred.set()

    async def _attempt(self, chat: str, rows: list[OutRow]) -> None:
        try:
            outcome = await self._sender.send(chat, rows)
        except (NotReady, Skipped) as error:
            self._pacer.give_back(chat)
            await self._failed(rows, error)
        except DeliveryError as error:
            await self._failed(rows, error)
        except (*db.LOST, *db.AGAIN) as error:
            # Nothing has left: rendering needed the database.
            log.warning("outbox_render_postponed", lane=self._lane, error=str(error))
            await self._insist(lambda: claims.requeue([row.id for row in rows], after=1.0))
        except (OSError, TimeoutError) as error:
            # Not the database: a request may have left before its line broke.
            log.warning("outcome_unknown", lane=self._lane, error=repr(error))
            await self._failed(rows, OutcomeUnknown(f"{type(error).__name__}: {error}"))
        except Exception as error:
            # A fault of ours: shown with the message, not repeated for ever.
            log.exception("outbox_render_failed", lane=self._lane, rows=[row.id for row in rows])
            await self._failed(rows, DeliveryError(f"{type(error).__name__}: {error}"))
        else:
            await self._insist(lambda: outcomes.sent(rows, outcome))
            await self._mended()

    async def _failed(self, rows: list[OutRow], error: DeliveryError) -> None:
        pauses: list[float] = []

        async def write() -> None:
            pauses.append(
                await outcomes.failed(rows, error, resend_unknown=self._sender.resend_unknown)
            )

        await self._insist(write)
        if pause := pauses[-1]:
            self._broken = self._broken or pause == outcomes.BROKEN_PAUSE
            self._pacer.hold(None, asyncio.get_running_loop().time() + pause)
            log.info("lane_paused", lane=self._lane, seconds=round(pause, 1))

    async def _mended(self) -> None:
        if self._broken:
            self._broken = False
            await self._insist(lambda: outcomes.mended(self._lane))

    async def _insist(self, write: Write) -> None:
        """An outcome is written however long the database is away, by the next run if need be."""
        if write not in self._unwritten:
            self._unwritten.append(write)
        pause = 0.1
        while True:
            try:
                await write()
                break
            except (*db.AWAY, *db.AGAIN) as error:
                log.warning("outcome_postponed", lane=self._lane, error=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
        self._unwritten.remove(write)

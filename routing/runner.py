"""Live channels: one object per active account, restarted when its row changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from pydantic import ValidationError

from crm_core.accounts.commands import TOPIC, set_broken
from crm_core.accounts.queries import AccountRow, accounts
from crm_core.kernel.errors import CrmError
from crm_core.kernel.locks import Locks
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups, wait
from crm_core.outbox.rows import channel_lane
from routing.contracts import Account, Channel
from routing.inbound.pipe import InboundPipe
from routing.outbound.channel_sender import ChannelSender
from routing.outbound.worker import LaneWorker

log = structlog.get_logger(__name__)

POLL = 10.0
STANDBY = 1.0
KindOf = Callable[[str], type[Channel]]
Work = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Live:
    """A running account."""

    row: AccountRow
    channel: Channel


class ChannelRunner:
    """Keeps the channels of this process alive.

    With `works` it also listens and sends, sharing the work with other processes by locks:
    one listener and one sender per account over all of them.
    """

    def __init__(
        self,
        kind_of: KindOf,
        pipe: InboundPipe,
        wakeups: Wakeups,
        *,
        public_url: str | None,
        works: bool = True,
    ) -> None:
        self._kind_of = kind_of
        self._pipe = pipe
        self._wakeups = wakeups
        self._public_url = public_url
        self._works = works
        self._live: dict[int, Live] = {}
        self._supervisor = Supervisor()
        self._locks = Locks()

    @property
    def live(self) -> Mapping[int, Live]:
        return self._live

    def channel_of(self, channel_id: int) -> Channel | None:
        found = self._live.get(channel_id)
        return None if found is None else found.channel

    async def run(self) -> None:
        with self._wakeups.event(TOPIC) as stirred:
            try:
                while True:
                    await self.refresh()
                    await wait(stirred, POLL)
            finally:
                for channel_id in list(self._live):
                    await self._stop(channel_id)
                await self._locks.close()

    async def refresh(self) -> None:
        """Bring what runs in line with the rows."""
        wanted = {row.id: row for row in await accounts(active_only=True)}
        for channel_id, live in list(self._live.items()):
            row = wanted.get(channel_id)
            if row is None or row.revision != live.row.revision:
                await self._stop(channel_id)
        for channel_id, row in wanted.items():
            if channel_id not in self._live:
                await self._start(row)

    async def _start(self, row: AccountRow) -> None:
        try:
            channel = build(self._kind_of, row, self._public_url)
        except (ValidationError, CrmError, KeyError) as error:
            log.warning("channel_not_started", channel=row.id, kind=row.kind, error=str(error))
            await set_broken(row.id, f"the settings can't be used: {type(error).__name__}")
            return
        live = Live(row, channel)
        self._live[row.id] = live
        if self._works:
            self._supervisor.start(f"listen:{row.id}", lambda: self._listen(live))
            self._supervisor.start(f"send:{row.id}", lambda: self._send(live))
        log.info("channel_started", channel=row.id, kind=row.kind)

    async def _stop(self, channel_id: int) -> None:
        live = self._live.pop(channel_id)
        await self._supervisor.cancel(f"listen:{channel_id}")
        await self._supervisor.cancel(f"send:{channel_id}")
        await live.channel.close()
        log.info("channel_stopped", channel=channel_id)

    async def _listen(self, live: Live) -> None:
        intake = self._pipe.intake(live.row.id, live.channel.parse)
        await self._alone(f"listen:{live.row.id}", lambda: live.channel.run(intake))

    async def _send(self, live: Live) -> None:
        lane = channel_lane(live.row.id)
        worker = LaneWorker(lane, ChannelSender(live.channel), self._wakeups)
        await self._alone(f"lane:{lane}", worker.run)

    async def _alone(self, name: str, work: Work) -> None:
        await alone(self._locks, name, work)


async def alone(locks: Locks, name: str, work: Work) -> None:
    """Wait until no other process does `name`, then do it; stop at once when the lock is lost."""
    while not await locks.acquire(name):  # noqa: ASYNC110 - another process holds it
        await asyncio.sleep(STANDBY)
    try:
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(_watch(locks))
            await work()
            watch.cancel()
    finally:
        if not locks.lost.is_set():
            await locks.release(name)


async def _watch(locks: Locks) -> None:
    await locks.lost.wait()
    message = "the lock connection is gone"
    raise ConnectionError(message)


def build(kind_of: KindOf, row: AccountRow, public_url: str | None) -> Channel:
    """A channel object for an account row; ValidationError when its settings are wrong."""
    kind = kind_of(row.kind)
    config = kind.Config.model_validate(row.config)
    hook = f"{public_url.rstrip('/')}/hooks/{row.id}/{row.hook_secret}" if public_url else None
    return kind(
        Account(
            id=row.id,
            kind=row.kind,
            name=row.name,
            hook_url=hook,
            hook_secret=row.hook_secret,
            config=config,
        )
    )

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
    worker: LaneWorker


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
        self._refused: dict[int, int] = {}
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
                stops = (self._stop(channel_id) for channel_id in list(self._live))
                await asyncio.gather(*stops, return_exceptions=True)
                await self._locks.close()

    async def refresh(self) -> None:
        """Bring what runs in line with the rows."""
        wanted = {row.id: row for row in await accounts(active_only=True)}
        for channel_id, live in list(self._live.items()):
            row = wanted.get(channel_id)
            if row is None or row.revision != live.row.revision:
                await self._stop(channel_id)
        for channel_id, row in wanted.items():
            if channel_id not in self._live and self._refused.get(channel_id) != row.revision:
                await self._start(row)

    async def _start(self, row: AccountRow) -> None:
        try:
            channel = build(self._kind_of, row, self._public_url)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other accounts go on
            await self._refuse(row, error)
            return
        lane = channel_lane(row.id)
        live = Live(row, channel, LaneWorker(lane, ChannelSender(channel), self._wakeups))
        self._live[row.id] = live
        if self._works:
            self._supervisor.start(f"listen:{row.id}", lambda: self._listen(live))
            self._supervisor.start(f"send:{row.id}", lambda: self._send(live))
        log.info("channel_started", channel=row.id, kind=row.kind)

    async def _refuse(self, row: AccountRow, error: Exception) -> None:
        """An account that can't be built is marked, and left alone until it is changed."""
        self._refused[row.id] = row.revision
        if not isinstance(error, ValidationError | CrmError):
            log.error("channel_build_failed", channel=row.id, exc_info=error)
        reason = f"the settings can't be used: {_line(error)}"
        log.warning("channel_not_started", channel=row.id, kind=row.kind, reason=reason)
        await set_broken(row.id, reason)

    async def _stop(self, channel_id: int) -> None:
        live = self._live.pop(channel_id)
        await self._supervisor.cancel(f"listen:{channel_id}")
        await self._supervisor.cancel(f"send:{channel_id}")
        await live.channel.close()
        log.info("channel_stopped", channel=channel_id)

    async def _listen(self, live: Live) -> None:
        intake = self._pipe.intake(live.row.id, live.channel.parse)
        await alone(self._locks, f"listen:{live.row.id}", lambda: live.channel.run(intake))

    async def _send(self, live: Live) -> None:
        await alone(self._locks, f"lane:{channel_lane(live.row.id)}", live.worker.run)


async def alone(locks: Locks, name: str, work: Work) -> None:
    """Wait until no other process does `name`, then do it; stop at once when the lock is lost."""
    while not await locks.acquire(name):  # noqa: ASYNC110 - another process holds it
        await asyncio.sleep(STANDBY)
    lost = locks.lost
    try:
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(_watch(lost))
            await work()
            watch.cancel()
    finally:
        if not lost.is_set():
            await locks.release(name)


async def _watch(lost: asyncio.Event) -> None:
    await lost.wait()
    message = "the lock connection is gone"
    raise ConnectionError(message)


def _line(error: Exception) -> str:
    """What is wrong, without the values: they may be secrets."""
    if isinstance(error, ValidationError):
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
    return str(error) if isinstance(error, CrmError) else type(error).__name__


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

"""Bots Long Poll: every event is stored before the next ones are asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from channels.vk.api import Api
from channels.vk.config import API_VERSION
from channels.vk.history import History
from channels.vk.web import Web
from crm_core.kernel import clock
from routing.contracts import ChannelBroken, DeliveryError, RetryLater

log = structlog.get_logger(__name__)

WAIT_SECONDS = 25
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
# On a start: what the community has not read for so long is brought in.
UNREAD_SINCE = timedelta(days=2)
OVERLAP = timedelta(minutes=2)
WANTED = (
    "message_new",
    "message_reply",
    "message_edit",
    "message_event",
    "message_read",
    "message_allow",
    "message_deny",
    "market_order_new",
    "market_order_edit",
)
NEW_TS, NEW_KEY = 1, 2  # 3: start anew, everything since is lost

Update = dict[str, Any]
Take = Callable[[Update], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Poller:
    """Asks for events until cancelled. `take` stores one before it returns; when it raises, the
    event is asked for again."""

    api: Api
    web: Web
    group_id: int
    name: str
    take: Take
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    wait_seconds: int = WAIT_SECONDS
    server: str = ""
    key: str = ""
    ts: str = ""
    heard: datetime | None = None
    failures: int = 0

    async def run(self) -> None:
        """Poll for ever; troubles are logged and waited out."""
        while True:
            try:
                if not self.ts:
                    await self.begin()
                while True:
                    await self.step()
            except DeliveryError as error:
                await self._wait_out(error)

    async def begin(self) -> None:
        """Ask where to listen, then bring in what came while nobody did."""
        await self._switch_on()
        await self._connect(fresh=True)
        since = self.heard - OVERLAP if self.heard else clock.now() - UNREAD_SINCE
        await self._catch_up(since, unread=self.heard is None)

    async def step(self) -> None:
        """One request, and everything it brought. Raises a DeliveryError."""
        answer = await self.web.wait(
            self.server, key=self.key, ts=self.ts, seconds=self.wait_seconds
        )
        failed = answer.get("failed")
        if failed == NEW_KEY:
            await self._connect(fresh=False)
        elif failed is not None:
            await self._lost(str(answer.get("ts", "")) if failed == NEW_TS else "")
        else:
            await self._take_all(answer.get("updates") or [])
            self.ts, self.heard, self.failures = str(answer["ts"]), clock.now(), 0

    async def _take_all(self, updates: list[Update]) -> None:
        for update in updates:
            try:
                await self.take(update)
            except DeliveryError:
                raise
            except Exception:
                log.exception("vk_event_not_stored", channel=self.name)
                raise RetryLater("Events can't be stored at the moment.", after=1.0) from None

    async def _lost(self, ts: str) -> None:
        """VK has forgotten what came since (some of it, when it names a new `ts`): the
        conversations themselves still know."""
        log.warning("vk_events_lost", channel=self.name)
        since = (self.heard or clock.now()) - OVERLAP
        self.ts = ts
        if not ts:
            await self._connect(fresh=True)
        await self._catch_up(since, unread=False)

    async def _catch_up(self, since: datetime, *, unread: bool) -> None:
        """What goes wrong here is tried again from the start: nothing is confirmed before."""
        history = History(api=self.api, group_id=self.group_id)
        try:
            await self._take_all([one async for one in history.since(since, unread=unread)])
        except DeliveryError:
            self.ts = ""
            raise
        self.heard = clock.now()

    async def _connect(self, *, fresh: bool) -> None:
        found = await self.api.call("groups.getLongPollServer", again=True, group_id=self.group_id)
        self.server, self.key = str(found["server"]), str(found["key"])
        if fresh or not self.ts:
            self.ts = str(found["ts"])

    async def _switch_on(self) -> None:
        """Long polling and the kinds we need; without the right to it an admin has done it."""
        events = dict.fromkeys(WANTED, 1)
        try:
            await self.api.call(
                "groups.setLongPollSettings",
                again=True,
                group_id=self.group_id,
                enabled=1,
                api_version=API_VERSION,
                **events,
            )
        except ChannelBroken as error:
            log.warning("vk_longpoll_settings_not_set", channel=self.name, reason=str(error))

    async def _wait_out(self, error: DeliveryError) -> None:
        self.failures += 1
        seconds = min(FIRST_PAUSE * 2 ** min(self.failures - 1, 10), LONGEST_PAUSE)
        if isinstance(error, RetryLater):
            seconds = max(seconds, error.after)
        if isinstance(error, ChannelBroken):
            seconds = LONGEST_PAUSE
        log.warning("vk_polling_paused", channel=self.name, reason=str(error), seconds=seconds)
        await self.pause(seconds)

"""Long polling: every update is stored before it is confirmed to Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from aiogram.methods import DeleteWebhook, GetUpdates, GetWebhookInfo

from channels.telegram.api import Api
from channels.telegram.updates import WANTED, RawUpdate, is_update, lanes
from routing.contracts import ChannelBroken, DeliveryError, RetryLater

log = structlog.get_logger(__name__)

WAIT_SECONDS = 25
BATCH = 100
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0

Take = Callable[[RawUpdate], Awaitable[None]]
Refuse = Callable[[str, bytes, str], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Poller:
    """Asks for updates until cancelled.

    `take` stores one update before it returns; when it raises, the update is asked for again.
    Updates of one chat are taken one after another, chats side by side.
    """

    api: Api
    name: str
    take: Take
    refuse: Refuse
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    offset: int | None = None
    failures: int = 0

    async def run(self) -> None:
        """Poll for ever; troubles are logged once each time and waited out."""
        while True:
            try:
                await self._without_webhook()
                while True:
                    await self.step()
            except DeliveryError as error:
                await self._wait_out(error)

    async def step(self) -> None:
        """One request, and everything it brought. Raises a DeliveryError."""
        request = GetUpdates(
            offset=self.offset, limit=BATCH, timeout=WAIT_SECONDS, allowed_updates=WANTED
        )
        batch: list[Any] = await self.api.call(request, seconds=WAIT_SECONDS + 10, again=True)
        for stray in (update for update in batch if not is_update(update)):
            await self.refuse("", orjson.dumps(stray), "no update_id")
        updates = [update for update in batch if is_update(update)]
        if batch and not updates:
            raise RetryLater("Telegram sends updates without numbers.", after=LONGEST_PAUSE)
        unstored = await self._take_all(updates)
        if updates:
            newest = max(update["update_id"] for update in updates)
            self.offset = min(unstored, default=newest + 1)
        if unstored:
            raise RetryLater("Updates can't be stored at the moment.", after=FIRST_PAUSE)
        self.failures = 0

    async def _take_all(self, updates: list[RawUpdate]) -> list[int]:
        """Numbers of updates that could not be stored."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._take_lane(lane)) for lane in lanes(updates)]
        return [number for task in tasks if (number := task.result()) is not None]

    async def _take_lane(self, lane: list[RawUpdate]) -> int | None:
        """Stops at the first that fails, so that order is kept when it is asked for again."""
        for update in lane:
            try:
                await self.take(update)
            except Exception:
                number: int = update["update_id"]
                log.exception("telegram_update_not_stored", channel=self.name, update_id=number)
                return number
        return None

    async def _without_webhook(self) -> None:
        """Telegram gives updates to a webhook or to a poller, never to both."""
        info = await self.api.call(GetWebhookInfo(), again=True)
        if info.get("url"):
            log.warning("telegram_webhook_removed", channel=self.name, reason="long polling is on")
            await self.api.call(DeleteWebhook(drop_pending_updates=False), again=True)

    async def _wait_out(self, error: DeliveryError) -> None:
        self.failures += 1
        seconds = min(FIRST_PAUSE * 2 ** min(self.failures - 1, 10), LONGEST_PAUSE)
        if isinstance(error, RetryLater):
            seconds = max(seconds, error.after)
        if isinstance(error, ChannelBroken):
            seconds = LONGEST_PAUSE
        log.warning(
            "telegram_polling_paused", channel=self.name, reason=str(error), seconds=seconds
        )
        await self.pause(seconds)

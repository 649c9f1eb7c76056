"""The bot as a service: one process of many works it, all updates go through the database."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.storage.memory import SimpleEventIsolation
from aiogram.fsm.strategy import FSMStrategy
from aiogram.types import Update
from pydantic import SecretStr

from bot import hook, intake, menu
from bot.dialogs.sender import lanes
from bot.doorman import Doorman
from bot.routers import routers
from bot.storage import PgStorage
from channels.telegram.api import Api
from channels.telegram.config import OFFICIAL_API, Config
from channels.telegram.poll import Poller
from channels.telegram.updates import RawUpdate
from crm_core.kernel.locks import Locks
from crm_core.kernel.wake import Wakeups
from routing.contracts import DeliveryError, HookReply, HookRequest, Pacing
from routing.outbound.worker import LaneWorker
from routing.runner import alone

log = structlog.get_logger(__name__)

LOCK = "bot"
AFTER_TROUBLE = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the bot lives. With `hook_url` (and its secret) Telegram pushes, else we poll."""

    token: str
    api_url: str = OFFICIAL_API
    hook_url: str | None = None
    hook_secret: str = ""


def api_of(address: Address) -> Api:
    """The raw connection: polling, downloads, the outbox lanes."""
    return Api(Config(token=SecretStr(address.token), api_url=address.api_url))


def dispatcher(api: Api) -> Dispatcher:
    """Routers and middlewares; a form belongs to one person in one topic."""
    found = Dispatcher(
        storage=PgStorage(),
        fsm_strategy=FSMStrategy.USER_IN_TOPIC,
        events_isolation=SimpleEventIsolation(),
    )
    found.update.outer_middleware(Doorman(api))
    found.include_routers(*routers())
    return found


class BotService:
    """`run()` works until cancelled; `receive()` is the webhook's door.

    `pacing` overrides how fast a lane may go.
    """

    def __init__(
        self, address: Address, wakeups: Wakeups, pacing: Mapping[str, Pacing] | None = None
    ) -> None:
        self._address = address
        self._wakeups = wakeups
        self._pacing = pacing or {}
        self.api = api_of(address)
        session = AiohttpSession(api=TelegramAPIServer.from_base(address.api_url))
        self.bot = Bot(address.token, session=session)
        self._dispatcher = dispatcher(self.api)
        self.feeder = intake.Feeder(self.feed, wakeups)

    async def feed(self, update: RawUpdate) -> None:
        """Handle one stored update."""
        parsed = Update.model_validate(update, context={"bot": self.bot})
        await self._dispatcher.feed_update(self.bot, parsed, raw=update)

    async def run(self) -> None:
        """Work until cancelled, in the one process that holds the bot's lock."""
        locks = Locks()
        try:
            await alone(locks, LOCK, self._work)
        finally:
            await locks.close()

    async def _work(self) -> None:
        """Listen, handle, and send what the outbox holds for managers."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.feeder.run())
            group.create_task(self._introduce())
            group.create_task(self._listen())
            for lane, sender in lanes(self.api).items():
                sender.pacing = self._pacing.get(lane, sender.pacing)
                group.create_task(LaneWorker(lane, sender, self._wakeups).run())

    async def receive(self, request: HookRequest) -> HookReply:
        """One webhook call: 200 only after the update is stored."""
        return await hook.receive(request, self._address.hook_secret)

    async def close(self) -> None:
        await self.api.close()
        await self.bot.session.close()

    async def _listen(self) -> None:
        if self._address.hook_url:
            url, secret = self._address.hook_url, self._address.hook_secret
            await hook.register(self.api, url, secret)
            return
        poller = Poller(api=self.api, name="bot", take=intake.store, refuse=intake.refuse)
        await poller.run()

    async def _introduce(self) -> None:
        """Learn who we are and what we can; tell Telegram our commands."""
        while True:
            try:
                return await menu.introduce(self.api)
            except DeliveryError as error:
                log.warning("bot_not_ready", reason=str(error), seconds=AFTER_TROUBLE)
            await asyncio.sleep(AFTER_TROUBLE)


def build(address: Address, wakeups: Wakeups) -> BotService:
    """The service for the composition root."""
    return BotService(address, wakeups)

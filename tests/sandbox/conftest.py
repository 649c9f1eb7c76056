"""A world with one shop bot and one person, served over real HTTP to a real aiogram bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
import pytest_asyncio
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from sandbox.botapi import Actor, ManualClock, Server, World
from sandbox.botapi.state import Bot as Account
from sandbox.tokens import CLIENTS_BOT_TOKEN, MANAGERS_BOT_TOKEN
from tests.sandbox import schema


@dataclass(kw_only=True)
class Shop:
    """What most tests need. `anna` has pressed Start and her update is already confirmed."""

    world: World
    clock: ManualClock
    account: Account
    other: Account
    anna: Actor
    url: str
    bot: Bot
    other_bot: Bot

    @property
    def chat_id(self) -> int:
        return self.anna.user.id


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def session() -> AsyncIterator[AiohttpSession]:
    session = AiohttpSession(timeout=5)
    yield session
    await session.close()


@pytest_asyncio.fixture(loop_scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def shop(session: AiohttpSession) -> AsyncIterator[Shop]:
    clock = ManualClock()
    world = World(clock=clock)
    account = world.add_bot(CLIENTS_BOT_TOKEN, "Shop", username="shop_bot")
    other = world.add_bot(MANAGERS_BOT_TOKEN, "Staff")
    anna = world.actor(world.add_user("Anna", language_code="ru", username="anna"), account)
    async with Server(world) as url:
        session.api = TelegramAPIServer.from_base(url)
        bot = Bot(CLIENTS_BOT_TOKEN, session=session)
        anna.start()
        world.queues[account.id].clear()
        yield Shop(
            world=world,
            clock=clock,
            account=account,
            other=other,
            anna=anna,
            url=url,
            bot=bot,
            other_bot=Bot(MANAGERS_BOT_TOKEN, session=session),
        )
    assert world.violations == []
    assert schema.problems(world) == []


@pytest.fixture
def topics(shop: Shop) -> Shop:
    """The same shop, its bot with topics in private chats."""
    shop.account.has_topics_enabled = True
    return shop

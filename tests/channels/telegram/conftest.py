"""A shop's bot in the sandbox, a client beside it, and a live channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest_asyncio

from channels.telegram.api import Api
from channels.telegram.channel import Channel
from channels.telegram.config import Config
from routing import contracts
from routing.contracts import Account
from sandbox.botapi import Actor, Server, World
from sandbox.tokens import CLIENTS_BOT_TOKEN

SECRET = "a-secret_of-this-hook"
KEEPS_THE_CONTRACT: type[contracts.Channel] = Channel  # for the type checker


@dataclass(slots=True, kw_only=True)
class Shop:
    """Everything a test needs: the pretended Telegram, a client, our side of it."""

    world: World
    bot: Any
    anna: Actor
    account: Account
    channel: Channel
    api: Api

    @property
    def chat(self) -> str:
        return str(self.anna.chat.id)

    def with_hook(self, url: str) -> Channel:
        """Another channel of the same bot, reachable at `url`."""
        return Channel(replace(self.account, hook_url=url))


def account(base_url: str, **settings: Any) -> Account:
    """A channel row of the sandbox's clients' bot."""
    config = Config.model_validate(
        {"token": CLIENTS_BOT_TOKEN, "api_url": base_url, "mode": "auto"} | settings
    )
    return Account(
        id=1, kind="telegram", name="Shop", hook_url=None, hook_secret=SECRET, config=config
    )


@pytest_asyncio.fixture(loop_scope="session")
async def shop() -> AsyncIterator[Shop]:
    world = World()
    bot = world.add_bot(CLIENTS_BOT_TOKEN, "Shop", username="shop_bot")
    anna = world.actor(world.add_user("Анна", language_code="ru", username="anna"), bot)
    async with Server(world) as base_url:
        row = account(base_url)
        channel, api = Channel(row), Api(Config.model_validate(row.config.model_dump()))
        yield Shop(world=world, bot=bot, anna=anna, account=row, channel=channel, api=api)
        await channel.close()
        await api.close()
    assert world.violations == []

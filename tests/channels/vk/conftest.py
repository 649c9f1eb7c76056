"""A shop's community in the sandbox, a client beside it, and a live channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import pytest_asyncio

from channels.vk.api import Api
from channels.vk.channel import Channel
from channels.vk.config import Config
from routing import contracts
from routing.contracts import Account
from sandbox.vk import Actor, Server, World
from sandbox.vk.communities import Community

SECRET = "a-secret_of-this-hook"
TOKEN = "vk1.a.sandbox-community-not-a-secret"
KEEPS_THE_CONTRACT: type[contracts.Channel] = Channel  # for the type checker
ACTS: type[contracts.Acts] = Channel


@dataclass(slots=True, kw_only=True)
class Shop:
    """Everything a test needs: the pretended VK, a client, our side of it."""

    world: World
    group: Community
    anna: Actor
    account: Account
    channel: Channel
    api: Api

    @property
    def chat(self) -> str:
        return str(self.anna.user.id)

    @property
    def config(self) -> Config:
        return Config.model_validate(self.account.config.model_dump())

    def with_hook(self, url: str) -> Channel:
        """Another channel of the same community, reachable at `url`."""
        return Channel(replace(self.account, hook_url=url))


def account(base_url: str, group_id: int, **settings: Any) -> Account:
    """A channel row of the sandbox's community."""
    config = Config.model_validate(
        {"token": TOKEN, "group_id": group_id, "api_url": base_url} | settings
    )
    return Account(id=1, kind="vk", name="Shop", hook_url=None, hook_secret=SECRET, config=config)


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the Callback server was confirmed is looked at at once."""
    monkeypatch.setattr("channels.vk.hook.FIRST_LOOK_SECONDS", 0.05)


@pytest_asyncio.fixture(loop_scope="session")
async def shop() -> AsyncIterator[Shop]:
    world = World()
    group = world.add_group(TOKEN, "Ромашки")
    photo = "https://sandbox.invalid/anna.jpg"
    user = world.add_user("Анна", "Смирнова", screen_name="anna_s", photo=photo)
    async with Server(world) as base_url:
        row = account(base_url, group.id)
        channel, api = Channel(row), Api(Config.model_validate(row.config.model_dump()))
        yield Shop(
            world=world,
            group=group,
            anna=world.actor(user, group),
            account=row,
            channel=channel,
            api=api,
        )
        await channel.close()
        await api.close()
    assert world.violations == []

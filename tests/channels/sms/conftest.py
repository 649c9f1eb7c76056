"""A pretended gateway of each kind, and live channels before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from channels.sms.channel import Channel
from channels.sms.config import Config
from channels.sms.parse import parse
from routing import contracts
from routing.contracts import Account
from sandbox.sms import HttpGateway, SmppServer, World
from tests.channels import doubles

MARIA = "+79161234501"
KEEPS_THE_CONTRACT: type[contracts.Channel] = Channel  # for the type checker


class MemoryIntake(doubles.MemoryIntake):
    parse = staticmethod(parse)


def account(world: World, **settings: Any) -> Account:
    config = Config.model_validate(
        {"login": world.login, "password": world.password, "sender": "Romashka"} | settings
    )
    return Account(id=1, kind="sms", name="SMS", hook_url=None, hook_secret="s", config=config)


def over_http(server: HttpGateway, **settings: Any) -> Channel:
    return Channel(account(server.world, api_url=server.url, poll_seconds=1, **settings))


def over_smpp(server: SmppServer, **settings: Any) -> Channel:
    where = {"gateway": "smpp", "host": server.host, "port": server.port}
    return Channel(account(server.world, **(where | settings)))


@pytest_asyncio.fixture(loop_scope="session")
async def http() -> AsyncIterator[HttpGateway]:
    world = World()
    async with HttpGateway(world) as server:
        yield server
    assert world.violations == []


@pytest_asyncio.fixture(loop_scope="session")
async def smpp() -> AsyncIterator[SmppServer]:
    world = World()
    async with SmppServer(world) as server:
        yield server
    assert world.violations == []

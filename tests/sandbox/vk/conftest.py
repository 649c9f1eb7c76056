"""A community in the double, somebody who writes to it, and the foreign library as a client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest_asyncio
import requests
from requests.adapters import HTTPAdapter
from vk_api.vk_api import VkApiGroup

from sandbox.vk import Actor, Server, World
from sandbox.vk.communities import Community

T = TypeVar("T")
TOKEN = "vk1.a.sandbox-community-not-a-secret"
OFFICIAL = "https://api.vk.ru"


class Redirected(HTTPAdapter):
    """The library knows one address only."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    def send(  # type: ignore[override] # the rest is passed on as it is
        self, request: requests.PreparedRequest, **rest: Any
    ) -> requests.Response:
        request.url = (request.url or "").replace(OFFICIAL, self._base)
        return super().send(request, **rest)


@dataclass(slots=True, kw_only=True)
class Town:
    """`vk` is the library's client of the community; its calls block, hence `blocking`."""

    world: World
    group: Community
    anna: Actor
    vk: Any

    async def call(self, name: str, **values: Any) -> Any:
        return await self.blocking(lambda: self.vk.method(name, values))

    async def blocking(self, work: Callable[[], T]) -> T:
        return await asyncio.to_thread(work)


@pytest_asyncio.fixture(loop_scope="session")
async def town() -> AsyncIterator[Town]:
    world = World()
    group = world.add_group(TOKEN, "Ромашки")
    anna = world.actor(world.add_user("Анна", "Смирнова"), group)
    async with Server(world) as base:
        with requests.Session() as session:
            session.mount(OFFICIAL, Redirected(base))
            client = VkApiGroup(token=TOKEN, session=session, api_version="5.199")
            yield Town(world=world, group=group, anna=anna, vk=client)

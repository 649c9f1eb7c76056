"""The web application over real HTTP, with channels of the test's choosing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from aiohttp import ClientSession, web
from aiohttp.test_utils import BaseTestServer, TestServer

from admin_web.app import build
from admin_web.context import Context
from channels import registry
from channels.webchat import live as widget_live
from crm_core.kernel.wake import Wakeups
from routing.inbound.pipe import InboundPipe
from routing.runner import ChannelRunner


class Web:
    """A served application; `refresh` takes up channels the test has added."""

    def __init__(self, server: BaseTestServer, http: ClientSession, runner: ChannelRunner) -> None:
        self.server, self.http, self.runner = server, http, runner

    def url(self, path: str) -> str:
        return str(self.server.make_url(path))

    async def refresh(self) -> None:
        await self.runner.refresh()


@pytest_asyncio.fixture(loop_scope="session")
async def site(opened: str) -> AsyncIterator[Web]:
    wakeups, pipe = Wakeups(), InboundPipe()
    widget_live.use(wakeups)
    runner = ChannelRunner(registry.kind, pipe, wakeups, public_url=None, works=False)
    app: web.Application = build(Context(live=lambda: runner.live, pipe=pipe))
    async with TestServer(app) as server, ClientSession() as http:
        yield Web(server, http, runner)

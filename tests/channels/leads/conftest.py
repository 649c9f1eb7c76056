"""The web application over real HTTP with a source of leads, and a Chromium."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from aiohttp.test_utils import BaseTestServer, TestServer
from playwright.async_api import Browser, async_playwright

from admin_web.app import build
from admin_web.context import Context
from channels import registry
from crm_core.accounts.queries import account
from crm_core.kernel import db
from crm_core.kernel.wake import Wakeups
from routing.inbound.pipe import InboundPipe
from routing.runner import ChannelRunner
from tests import factories


@dataclass
class Hub:
    """Our server; `source` connects one and gives the address its service would be told."""

    server: BaseTestServer
    http: ClientSession
    runner: ChannelRunner

    async def source(self, service: str, name: str = "", **config: Any) -> str:
        name = name or service
        channel_id = await factories.channel("leads", name, service=service, **config)
        await self.runner.refresh()
        row = await account(channel_id)
        assert row is not None
        return str(self.server.make_url(f"/hooks/{row.id}/{row.hook_secret}"))

    async def post(self, url: str, **given: Any) -> tuple[int, str]:
        async with self.http.post(url, allow_redirects=False, **given) as response:
            return response.status, await response.text()


@pytest_asyncio.fixture(loop_scope="session")
async def hub(opened: str) -> AsyncIterator[Hub]:
    wakeups, pipe = Wakeups(), InboundPipe()
    await factories.queue()
    runner = ChannelRunner(registry.kind, pipe, wakeups, public_url=None, works=False)
    app: web.Application = build(Context(live=lambda: runner.live, pipe=pipe))
    async with TestServer(app) as server, ClientSession() as http:
        yield Hub(server, http, runner)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine")
    async with async_playwright() as tools:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = await tools.chromium.launch(executable_path=path, args=flags)
        yield chromium
        await chromium.close()


async def requests() -> list[dict[str, Any]]:
    """All that were registered, oldest first."""
    return [dict(row) for row in await db.fetch("SELECT * FROM request ORDER BY id")]

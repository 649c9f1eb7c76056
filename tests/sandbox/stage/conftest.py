"""A real world, its HTTP face, two rehearsing bots, the stage and a Chromium to look at it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from sandbox.botapi import Actor, Server, World
from sandbox.botapi.background import Background
from sandbox.stage import Person, StageConfig, mount
from sandbox.stage.rehearsal import Rehearsal

BROWSER_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDGET = "document.body.dataset.widget = document.currentScript.dataset.channel;"
expect.set_options(timeout=15_000)


@dataclass(slots=True, kw_only=True)
class Stage:
    """A running stage and what stands behind it."""

    url: str
    world: World
    rehearsal: Rehearsal
    config: StageConfig
    app: web.Application
    http: aiohttp.ClientSession

    def actor(self, person: Person) -> Actor:
        world = self.world
        return world.actor(world.users[person.user_id], world.bots[person.bot_id])

    async def act(self, person: Person, name: str, **fields: object) -> aiohttp.ClientResponse:
        body = {"key": person.key, "act": name, **fields}
        return await self.http.post(f"{self.url}/stage/act", json=body)


@pytest_asyncio.fixture(loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    world = World()
    rehearsal = Rehearsal(world)
    config = rehearsal.populate()
    app = web.Application()
    mount(app, world, config=config)
    app.router.add_get("/widget.js", _widget)
    runner = web.AppRunner(app, shutdown_timeout=5, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    bots = Background()
    async with Server(world) as base_url, aiohttp.ClientSession() as http:
        bots.start(rehearsal.run(base_url))
        yield Stage(url=url, world=world, rehearsal=rehearsal, config=config, app=app, http=http)
        await runner.cleanup()
        await bots.stop()
    assert world.violations == []


def _is_fault(line: ConsoleMessage) -> bool:
    """Errors of scripts and of the content policy; a refused act is no fault of the page."""
    return line.type == "error" and "409" not in line.text


async def _widget(_: web.Request) -> web.Response:
    return web.Response(text=WIDGET, content_type="text/javascript")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine")
    async with async_playwright() as tools:
        chromium = await tools.chromium.launch(executable_path=path, args=BROWSER_ARGS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(stage: Stage, browser: Browser) -> AsyncIterator[Page]:
    """The stage open at 1440 px, in Russian; complaints of the page fail the test."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda line: complaints.append(line.text) if _is_fault(line) else None)
    await opened.goto(stage.url)
    await opened.locator("#panel-managers .bubble").first.wait_for()
    yield opened
    await context.close()
    assert complaints == []

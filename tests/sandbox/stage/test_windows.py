"""Windows of other channels on the stage: what is shown, what may be done, what is told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, expect

from sandbox.botapi import World
from sandbox.botapi.images import plain_png
from sandbox.stage import mount
from sandbox.stage.config import Json
from sandbox.stage.errors import StageError
from sandbox.stage.rehearsal import Rehearsal
from sandbox.stage.windows import (
    Key,
    Line,
    Media,
    Screen,
    Shown,
    Watchers,
    WindowAct,
    WindowInfo,
)
from tests.sandbox.stage.test_routes import events


class Notepad(Watchers):
    """A window that only keeps what was done in it."""

    def __init__(self, **looks: object) -> None:
        super().__init__()
        fields: dict[str, object] = {
            "id": "notepad",
            "name": {"ru": "Вера", "en": "Vera"},
            "title": "Лавка",
            "skin": "viber",
            "can": frozenset({"text", "photos", "voice", "read"}),
        }
        self.info = WindowInfo(**(fields | looks))  # type: ignore[arg-type]  # the test's own words
        self.shown = Screen()
        self.acts: list[WindowAct] = []
        self.answer: Json = {}

    def screen(self) -> Screen:
        return self.shown

    def show(self, screen: Screen) -> None:
        self.shown = screen
        self.tell()

    async def act(self, act: WindowAct) -> Json:
        if act.body.get("text") == "refuse":
            raise StageError("closed", 409)
        self.acts.append(act)
        if act.name == "text":
            line = Line(id=len(self.shown.lines) + 1, mine=True, at=1, text=act.text())
            self.show(replace(self.shown, lines=(*self.shown.lines, line)))
        return self.answer

    def file(self, file_id: str) -> Shown:
        if file_id != "7":
            raise LookupError(file_id)
        return Shown(data=plain_png(40, 30), mime="image/png", name="пион.png")


class Desk:
    """The stage with one window."""

    def __init__(self, url: str, window: Notepad, http: aiohttp.ClientSession) -> None:
        self.url, self.window, self.http = url, window, http

    async def act(self, name: str, **fields: object) -> tuple[int, Json]:
        body = {"key": "notepad", "act": name, **fields}
        async with self.http.post(f"{self.url}/stage/act", json=body) as response:
            return response.status, await response.json()


@pytest_asyncio.fixture(loop_scope="session")
async def desk() -> AsyncIterator[Desk]:
    window = Notepad()
    world = World()
    config = replace(Rehearsal(world).populate(), windows=[window], language="ru")
    app = web.Application()
    mount(app, world, config=config)
    app.router.add_get("/widget.js", _widget)
    runner = web.AppRunner(app, shutdown_timeout=5, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as http:
        yield Desk(f"http://127.0.0.1:{runner.addresses[0][1]}", window, http)
        await runner.cleanup()


async def _widget(_: web.Request) -> web.Response:
    return web.Response(text="", content_type="text/javascript")


async def test_a_window_stands_among_the_clients(desk: Desk) -> None:
    desk.window.shown = Screen(
        lines=(
            Line(
                id=3,
                mine=False,
                at=5,
                text="Вот",
                media=(Media(id="7", kind="photo"), Media(id="8", kind="photo")),
                keys=((Key(text="Да", data="yes"), Key(text="Сайт", url="https://a.example")),),
            ),
            Line(id=4, mine=True, at=6, place=(55.7, 37.6), state="read"),
        ),
        keys=((Key(text="Цены", data="price"),),),
        typing_until=4e9,
    )
    async with desk.http.get(f"{desk.url}/stage/state") as response:
        state = await response.json()
    person = state["clients"][-1]
    assert (person["key"], person["skin"]) == ("notepad", "viber")
    assert person["can"] == ["photos", "read", "text", "voice"]
    assert state["bots"]["notepad"]["name"] == "Лавка"
    screen = state["phones"]["notepad"]
    first, second, third = screen["messages"]
    assert (first["text"], second["text"]) == ("Вот", None)
    assert first["group_id"] == second["group_id"] is not None
    assert first["media"]["file"] == "notepad~7"
    assert first["keyboard"][0][0]["callback_data"] == "yes"
    assert first["keyboard"][0][1]["url"] == "https://a.example"
    assert (third["location"]["latitude"], third["state"]) == (55.7, "read")
    assert screen["reply_keyboard"]["keyboard"] == [[{"text": "Цены", "data": "price"}]]
    assert screen["action"]["action"] == "typing"


async def test_acts_reach_the_window_and_refusals_the_page(desk: Desk) -> None:
    desk.window.answer = {"toast": "Готово"}
    assert await desk.act("text", text=" Да ") == (200, {"toast": "Готово"})
    assert await desk.act("press", button="yes") == (200, {"toast": "Готово"})
    assert await desk.act("voice") == (200, {"toast": "Готово"})
    assert [act.name for act in desk.window.acts] == ["text", "press", "voice"]
    assert desk.window.acts[2].uploads[0].data.startswith(b"OggS")
    assert await desk.act("text", text="  ") == (400, {"error": "empty"})
    assert await desk.act("photos") == (400, {"error": "empty"})
    assert await desk.act("files") == (400, {"error": "bad_request"})
    assert await desk.act("text", text="я" * 4097) == (400, {"error": "too_long"})
    assert await desk.act("text", text="refuse") == (409, {"error": "closed"})


async def test_files_of_a_window_are_served(desk: Desk) -> None:
    async with desk.http.get(f"{desk.url}/stage/file/notepad~7") as response:
        assert (response.status, response.content_type) == (200, "image/png")
        assert (await response.read())[:4] == b"\x89PNG"
    for missing in ("notepad~8", "nobody~7"):
        async with desk.http.get(f"{desk.url}/stage/file/{missing}") as response:
            assert response.status == 404


async def test_the_stream_tells_of_changes(desk: Desk) -> None:
    async with desk.http.get(f"{desk.url}/stage/stream") as stream:
        while (await events(stream, "screen"))["key"] != "notepad":
            pass
        desk.window.show(Screen(lines=(Line(id=1, mine=False, at=1, text="Свежее"),)))
        told = await events(stream, "screen")
    assert json.dumps(told["messages"], ensure_ascii=False).count("Свежее") == 1


@pytest.mark.e2e
async def test_a_window_in_the_browser(desk: Desk, browser: Browser) -> None:
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(desk.url)
    phone = page.locator("#panel-clients")
    await phone.locator('.person[data-key="notepad"]').click()
    await expect(phone.locator(".chat-title span")).to_have_text("Viber")
    box = phone.get_by_role("textbox", name="Сообщение")
    await box.fill("Есть пионы?")
    await box.press("Enter")
    await expect(phone.locator(".words")).to_have_text("Есть пионы?")
    answer = Line(
        id=2,
        mine=False,
        at=2,
        text="Есть",
        media=(Media(id="7", kind="photo", width=40, height=30),),
        keys=((Key(text="Беру", data="take"),),),
    )
    mine = replace(desk.window.shown.lines[0], state="read")
    desk.window.show(Screen(lines=(mine, answer), keys=((Key(text="Цены", data="price"),),)))
    await expect(phone.locator(".tick.is-read .icon")).to_have_count(2)
    await expect(phone.locator(".photo img")).to_be_visible()
    desk.window.answer = {"toast": "Отложили"}
    await phone.get_by_role("button", name="Беру").click()
    await expect(phone.locator(".toast")).to_have_text("Отложили")
    await phone.get_by_role("button", name="Цены").click()
    await expect(phone.locator(".inline-button[aria-busy]")).to_have_count(0)
    done = [(act.name, act.body.get("button")) for act in desk.window.acts]
    assert done == [("text", None), ("read", None), ("press", "take"), ("press", "price")]
    await context.close()
    assert faults == []

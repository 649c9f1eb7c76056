"""The stage over plain HTTP: who may come in, what people may do, what the stream tells."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from sandbox.botapi.images import plain_png
from tests.sandbox.stage.conftest import Stage

Event = tuple[str, dict[str, Any]]


async def events(response: aiohttp.ClientResponse, wanted: str) -> dict[str, Any]:
    """The next event of a kind."""
    async with asyncio.timeout(5):
        while True:
            head = (await response.content.readline()).decode()
            if head.startswith(f"event: {wanted}\n"):
                line = (await response.content.readline()).decode()
                found: dict[str, Any] = json.loads(line.removeprefix("data: "))
                return found


async def test_state_shows_people_and_their_phones(stage: Stage) -> None:
    await stage.world.wait_for(lambda: stage.world.calls.of("setMyCommands"))
    async with stage.http.get(f"{stage.url}/stage/state") as response:
        state = await response.json()
    assert state["clients"][0]["name"] == "Анна Смирнова"
    assert state["phones"].keys() == {each.key for each in stage.config.people}
    manager = state["phones"][stage.config.managers[0].key]
    assert [each["command"] for each in manager["commands"]] == ["start", "new", "help"]
    assert state["texts"]["en"]["step3"] == "Answer"


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"Host": "pult.example"}),
        ("POST", {"Origin": "https://evil.example"}),
    ],
)
async def test_strangers_stay_outside(stage: Stage, method: str, headers: dict[str, str]) -> None:
    path = "/stage/state" if method == "GET" else "/stage/reset"
    async with stage.http.request(method, stage.url + path, headers=headers) as response:
        assert response.status == 403


async def test_pages_allow_no_inline_script(stage: Stage) -> None:
    for path in ("/", "/stage/shop"):
        async with stage.http.get(stage.url + path) as response:
            policy, html = response.headers["Content-Security-Policy"], await response.text()
        assert "default-src 'self'" in policy
        assert "script-src" not in policy
        assert "<script>" not in html


async def test_the_shop_embeds_the_widget_in_one_line(stage: Stage) -> None:
    async with stage.http.get(f"{stage.url}/stage/shop?lang=en") as response:
        html = await response.text()
    assert '<script src="/widget.js" data-channel="1" data-theme="light" async></script>' in html
    assert "Fresh bouquets" in html


@pytest.mark.parametrize("path", ["../routes.py", "..%2froutes.py", "index.html", "nothing.js"])
async def test_only_assets_are_served(stage: Stage, path: str) -> None:
    async with stage.http.get(f"{stage.url}/stage/web/{path}") as response:
        assert response.status == 404


async def test_a_document_is_never_shown_as_a_page(stage: Stage) -> None:
    anna = stage.actor(stage.config.clients[0])
    message = anna.document(b"<script>alert(1)</script>", "счёт.html")
    file_id = message.content["document"]["file_unique_id"]
    async with stage.http.get(f"{stage.url}/stage/file/{file_id}") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert await response.read() == b"<script>alert(1)</script>"


async def test_files_come_in_ranges(stage: Stage) -> None:
    message = stage.actor(stage.config.clients[0]).voice(b"0123456789")
    url = f"{stage.url}/stage/file/{message.content['voice']['file_unique_id']}"
    async with stage.http.get(url, headers={"Range": "bytes=2-4"}) as response:
        assert (response.status, await response.read()) == (206, b"234")
        assert response.headers["Content-Range"] == "bytes 2-4/10"
    async with stage.http.get(url, headers={"Range": "bytes=20-"}) as response:
        assert response.status == 416


async def test_refusals_have_a_code(stage: Stage) -> None:
    anna, olga = stage.config.clients[0], stage.config.managers[0]
    theirs = await stage.actor(olga).wait_text("На смене")
    cases: list[tuple[int, str, aiohttp.ClientResponse]] = [
        (400, "empty", await stage.act(anna, "text", text="  ")),
        (400, "too_long", await stage.act(anna, "text", text="я" * 4097)),
        (400, "bad_request", await stage.act(anna, "fly")),
        (400, "empty", await stage.act(anna, "photos")),
        (409, "gone", await stage.act(anna, "edit", message_id=777, text="x")),
        (409, "gone", await stage.act(anna, "text", text="x", thread_id=5)),
        (409, "gone", await stage.act(olga, "press", message_id=theirs.id, button="nothing")),
        (403, "not_yours", await stage.act(olga, "edit", message_id=theirs.id, text="x")),
        (400, "bad_request", await stage.act(anna, "location", latitude=1000, longitude=0)),
    ]
    for status, code, response in cases:
        assert (response.status, await response.json()) == (status, {"error": code})


async def test_unreadable_body_is_refused(stage: Stage) -> None:
    async with stage.http.post(f"{stage.url}/stage/act", data=b"{") as response:
        assert (response.status, await response.json()) == (400, {"error": "bad_request"})


async def test_blocking_the_bot_stops_both_sides(stage: Stage) -> None:
    boris = stage.config.clients[1]
    await stage.act(boris, "start")
    await stage.actor(boris).wait_text("Здравствуйте")
    await stage.act(boris, "block")
    assert (await stage.act(boris, "text", text="Ау")).status == 409
    await stage.act(boris, "unblock")
    assert (await stage.act(boris, "text", text="Ау")).status == 200


async def test_uploads_become_an_album_with_one_caption(stage: Stage) -> None:
    anna = stage.config.clients[0]
    form = aiohttp.FormData()
    body = {"key": anna.key, "act": "photos", "caption": "Два букета"}
    form.add_field("data", json.dumps(body))
    for name in ("one.png", "two.png"):
        form.add_field("file", plain_png(300, 200), filename=name, content_type="image/png")
    async with stage.http.post(f"{stage.url}/stage/act", data=form) as response:
        assert response.status == 200
    sent = stage.actor(anna).messages()
    assert [each.text for each in sent] == ["Два букета", ""]
    assert len({each.group_id for each in sent}) == 1
    assert sent[0].content["photo"][-1]["width"] == 300


async def test_a_file_that_is_no_picture_goes_as_document(stage: Stage) -> None:
    anna = stage.config.clients[0]
    form = aiohttp.FormData()
    form.add_field("data", json.dumps({"key": anna.key, "act": "photos"}))
    form.add_field("file", b"heic?", filename="photo.heic", content_type="image/heic")
    await stage.http.post(f"{stage.url}/stage/act", data=form)
    assert stage.actor(anna).messages()[-1].content["document"]["file_name"] == "photo.heic"


async def test_too_large_uploads_are_refused(stage: Stage) -> None:
    stage.world.config.max_upload = 1000
    form = aiohttp.FormData()
    form.add_field("data", json.dumps({"key": stage.config.clients[0].key, "act": "files"}))
    form.add_field("file", b"x" * 2000, filename="big.bin")
    async with stage.http.post(f"{stage.url}/stage/act", data=form) as response:
        assert (response.status, await response.json()) == (413, {"error": "too_big"})
    assert stage.actor(stage.config.clients[0]).messages() == []


async def test_the_stream_tells_screens_and_lines(stage: Stage) -> None:
    anna = stage.config.clients[0]
    async with stage.http.get(f"{stage.url}/stage/stream") as response:
        assert (await events(response, "hello"))["boot"]
        stage.rehearsal.tell("📥", "client", "Строка")
        assert (await events(response, "log"))["lines"][0]["text"] == "Строка"
        stage.actor(anna).text("Привет")
        screen = await events(response, "screen")
        assert screen["key"] == anna.key
        assert screen["messages"][-1]["text"] == "Привет"


async def test_a_reset_is_told_to_all_pages(stage: Stage) -> None:
    anna = stage.actor(stage.config.clients[0])
    anna.text("Привет")
    async with stage.http.get(f"{stage.url}/stage/stream") as response:
        await events(response, "hello")
        async with stage.http.post(f"{stage.url}/stage/reset") as done:
            assert done.status == 200
        await events(response, "reset")
        screen = await events(response, "screen")
        assert (screen["messages"], screen["started"]) == ([], False)
    assert anna.text("Снова").id == 2  # numbers go on: bots mix nothing up


async def test_an_open_stream_does_not_hold_up_the_end(stage: Stage) -> None:
    async with stage.http.get(f"{stage.url}/stage/stream") as response:
        await events(response, "hello")
        await stage.app.on_shutdown.send(stage.app)
        async with asyncio.timeout(2):
            await response.content.read()

"""Files of visitors into the store, files of managers to the right visitor only."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from typing import Any

import orjson
import pytest
from aiohttp import ClientResponse, FormData, MultipartWriter
from PIL import Image

from crm_core.dialogs.messages import Kind
from crm_core.dialogs.replies import FileIn, Reply
from crm_core.files.store import store
from crm_core.kernel import clock, db
from routing.contracts import Rejected
from tests.channels.webchat.site import Site, Visitor, open_site

BIG = bytes(1024 * 1024 + 1)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), (200, 30, 90)).save(out, "PNG")
    return out.getvalue()


async def send(visitor: Visitor, *files: tuple[str, str, bytes], **message: Any) -> ClientResponse:
    form = FormData()
    form.add_field("message", orjson.dumps({"id": str(uuid.uuid4())} | message).decode())
    for name, mime, content in files:
        kind = mime or "application/octet-stream"
        form.add_field("file", io.BytesIO(content), filename=name, content_type=kind)
    response = await visitor.site.http.post(
        visitor.site.at("files"), data=form, headers=visitor._headers()
    )
    await response.read()
    return response


async def test_files_and_text_are_one_message(site: Site) -> None:
    visitor = await site.visitor()
    pdf = b"%PDF-1.4 " + b"x" * 300_000
    response = await send(
        visitor, ("роза.png", "image/png", picture()), ("счёт.pdf", "", pdf), text="Вот"
    )
    assert response.status == 200
    (shown,) = (await visitor.session())["messages"]
    assert (shown["text"], [one["kind"] for one in shown["files"]]) == (
        "Вот",
        ["photo", "document"],
    )
    response = await visitor.get(shown["files"][1]["url"])
    assert response.status == 200
    assert await response.read() == pdf
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_repeated_upload_is_one_message(site: Site) -> None:
    visitor, same = await site.visitor(), str(uuid.uuid4())
    first = await send(visitor, ("a.png", "image/png", picture()), id=same)
    again = await send(visitor, ("a.png", "image/png", picture()), id=same)
    assert await first.json() == await again.json()
    assert await db.fetchval("SELECT count(*) FROM attachment") == 1


async def test_the_hub_fetches_from_the_store(site: Site) -> None:
    visitor = await site.visitor()
    await send(visitor, ("a.png", "image/png", picture()))
    ref = await db.fetchval("SELECT ref FROM attachment")
    assert b"".join([chunk async for chunk in site.live.fetch(ref)]) == picture()
    with pytest.raises(Rejected):
        _ = [chunk async for chunk in site.live.fetch("http://evil.example")]


async def test_a_picture_that_is_none_is_a_download(site: Site) -> None:
    visitor = await site.visitor()
    await send(visitor, ("a.png", "image/png", b"<svg onload=alert(1)>"))
    (shown,) = (await visitor.session())["messages"]
    assert shown["files"][0]["kind"] == "document"
    response = await visitor.get(shown["files"][0]["url"])
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("files", "status", "code"),
    [
        ([("a.exe", "image/png", b"MZ")], 415, "file_type"),
        ([("a.bin", "", BIG)], 413, "too_big"),
        ([(f"{n}.txt", "text/plain", b"x") for n in range(11)], 422, "too_many"),
        ([], 422, "invalid"),
    ],
    ids=["program", "too large", "too many", "none"],
)
async def test_what_is_not_taken(
    opened: str, files: list[tuple[str, str, bytes]], status: int, code: str
) -> None:
    async with open_site(max_file_mb=1) as site:
        response = await send(await site.visitor(), *files)
        assert (response.status, (await response.json())["error"]) == (status, code)
        assert await db.fetchval("SELECT count(*) FROM raw_event") == 0


async def test_what_is_no_form_is_refused(site: Site) -> None:
    visitor = await site.visitor()
    for data, kind in ((b"{}", "application/json"), (b"--x\r\n", "multipart/form-data")):
        headers = visitor._headers() | {"Content-Type": kind}
        async with site.http.post(site.at("files"), data=data, headers=headers) as response:
            assert response.status == 422
    nested = MultipartWriter("form-data")
    nested.append(MultipartWriter("mixed"))
    async with site.http.post(
        site.at("files"), data=nested, headers=visitor._headers()
    ) as response:
        assert response.status == 422


async def answered_with_file(site: Site, visitor: Visitor, content: bytes) -> dict[str, Any]:
    await visitor.write("Покажите")
    dialog = await site.dialog()
    await site.accept(dialog)
    kept = await store().put_bytes(content)
    file = FileIn(sha=kept.sha, kind=Kind.VOICE, name="голос.ogg", mime="audio/ogg", size=kept.size)
    await site.answer(dialog, "", Reply(files=[file]))
    shown = (await visitor.messages(2))[-1]
    found: dict[str, Any] = shown["files"][0]
    return found


async def test_a_managers_file_is_served_whole_and_in_ranges(site: Site) -> None:
    visitor = await site.visitor()
    file = await answered_with_file(site, visitor, b"OggS" + bytes(1000))
    assert file["kind"] == "voice"
    async with site.http.get(site.at(file["url"])) as response:
        assert response.headers["Content-Type"] == "audio/ogg"
        assert await response.read() == b"OggS" + bytes(1000)
    async with site.http.get(site.at(file["url"]), headers={"Range": "bytes=0-3"}) as response:
        assert (response.status, await response.read()) == (206, b"OggS")


async def test_links_are_signed_and_expire(site: Site) -> None:
    visitor = await site.visitor()
    url = (await answered_with_file(site, visitor, b"OggS"))["url"]
    number, until, signature = url.removeprefix("files/").split(".")
    for forged in (
        f"files/{int(number) + 1}.{until}.{signature}",
        f"files/{number}.{int(until) + 1}.{signature}",
        f"files/{number}.{until}.{signature[::-1]}",
    ):
        async with site.http.get(site.at(forged)) as response:
            assert response.status == 404
    with clock.frozen(clock.now() + timedelta(hours=25)):
        async with site.http.get(site.at(url)) as response:
            assert response.status == 410


async def test_files_of_notes_are_not_served(site: Site) -> None:
    visitor = await site.visitor()
    url = (await answered_with_file(site, visitor, b"OggS"))["url"]
    await db.execute("UPDATE message SET direction = 'note' WHERE direction = 'out'")
    async with site.http.get(site.at(url)) as response:
        assert response.status == 404


async def test_uploads_are_limited(opened: str) -> None:
    async with open_site(visitor_per_minute=3) as site:
        visitor = await site.visitor()
        with clock.frozen(clock.now()):
            assert (await send(visitor, ("a.txt", "text/plain", b"x"))).status == 200
            assert (await send(visitor, ("a.txt", "text/plain", b"x"))).status == 429

"""Files of clients are streamed; what can't be had says why."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web

from channels.telegram.channel import Channel
from crm_core.dialogs.messages import InboundMessage, Kind
from routing.contracts import ChannelBroken, DeliveryError, Rejected, RetryLater
from sandbox.botapi import Where
from tests.channels.telegram.conftest import Shop, account
from tests.channels.telegram.doubles import MemoryIntake, running, serving
from tests.waiting import eventually


async def download(channel: Channel, ref: str) -> list[bytes]:
    return [chunk async for chunk in channel.fetch(ref)]


async def received(shop: Shop) -> InboundMessage:
    intake = MemoryIntake()

    async def message() -> InboundMessage | None:
        last = intake.events[-1] if intake.events else None
        return last if isinstance(last, InboundMessage) and last.files else None

    async with running(shop.channel.run(intake)):
        found = await eventually(message, what="a message with a file")
    assert found is not None
    return found


async def test_a_file_arrives_in_chunks(shop: Shop) -> None:
    data = bytes(range(256)) * 2000
    shop.anna.start()
    shop.anna.document(data, "Счёт.pdf", caption="вот")
    message = await received(shop)
    chunks = await download(shop.channel, message.files[0].ref)
    assert b"".join(chunks) == data
    assert len(chunks) > 1
    assert max(map(len, chunks)) <= 65536


async def test_a_too_large_file_is_marked_and_refused(shop: Shop) -> None:
    shop.anna.start()
    shop.anna.document(b"x", "big.iso", declared_size=30 * 2**20)
    message = await received(shop)
    (file,) = message.files
    assert (message.kind, file.unavailable, file.name) == (Kind.DOCUMENT, "too_large", "big.iso")
    with pytest.raises(Rejected, match="too big"):
        await download(shop.channel, file.ref)


async def test_an_unknown_file_is_refused(shop: Shop) -> None:
    with pytest.raises(Rejected):
        await download(shop.channel, "AgACAgIAAxkBAAInvented")


async def test_a_lost_answer_is_only_a_wait(shop: Shop) -> None:
    shop.world.faults.reset(Where(method="getFile"))
    with pytest.raises(RetryLater):
        await download(shop.channel, "AgAC")


@pytest.mark.parametrize(
    ("status", "expected"), [(404, Rejected), (401, ChannelBroken), (500, RetryLater)]
)
async def test_refused_downloads(status: int, expected: type[DeliveryError]) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/getFile"):
            return web.json_response({"ok": True, "result": {"file_id": "a", "file_path": "p/1"}})
        return web.Response(status=status)

    async with serving(answer) as url:
        channel = Channel(account(url))
        with pytest.raises(expected):
            await download(channel, "a")
        await channel.close()


async def test_a_download_cut_short_is_no_file() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/getFile"):
            return web.json_response({"ok": True, "result": {"file_id": "a", "file_path": "p/1"}})
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"x" * 10)
        assert request.transport is not None
        request.transport.close()
        return response

    async with serving(answer) as url:
        channel = Channel(account(url))
        with pytest.raises(RetryLater):
            await download(channel, "a")
        await channel.close()


@pytest.fixture
def local_server(tmp_path: Path) -> Path:
    folder = tmp_path / "bot-api"
    folder.mkdir()
    (folder / "film.zip").write_bytes(b"z" * 600_000)
    (tmp_path / "secrets.txt").write_text("nobody's business")
    return folder


async def local_file(folder: Path, path: str) -> bytes:
    """What `fetch` gives when a server in --local mode names `path`."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "result": {"file_id": "a", "file_path": path}})

    async with serving(answer) as url:
        channel = Channel(account(url, local_files=folder))
        try:
            return b"".join(await download(channel, "a"))
        finally:
            await channel.close()


async def test_a_local_server_gives_its_files_from_disk(local_server: Path) -> None:
    assert len(await local_file(local_server, str(local_server / "film.zip"))) == 600_000


@pytest.mark.parametrize("path", ["../secrets.txt", "/etc/passwd", "missing.zip"])
async def test_a_local_server_can_not_point_elsewhere(local_server: Path, path: str) -> None:
    with pytest.raises(Rejected, match="local_files"):
        await local_file(local_server, path)

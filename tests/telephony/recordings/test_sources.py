"""Finding recordings: every way a PBX names them, nothing outside of its folder, the web."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import encode_basic_auth, web
from aiohttp.test_utils import TestServer

from telephony.recordings import sources
from telephony.recordings.names import NotThere, Shelf

AT = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
NAME = "in-+79161234567-pbx-1.0.wav"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    folder = tmp_path / "monitor"
    (folder / "2026/11/21").mkdir(parents=True)
    (folder / "2026/11/21" / NAME).write_bytes(b"sound")
    (tmp_path / "secret").write_bytes(b"not for you")
    (folder / "out").symlink_to(tmp_path / "secret")
    return Shelf(folder=folder)


@pytest.mark.parametrize(
    "name",
    [
        f"/var/spool/asterisk/monitor/2026/11/21/{NAME}",
        f"2026/11/21/{NAME}",
        NAME,
    ],
)
async def test_every_way_to_name_it(shelf: Shelf, name: str) -> None:
    assert await sources.size_of(name, shelf, AT) == 5
    assert b"".join([chunk async for chunk in sources.read(name, shelf, AT)]) == b"sound"


async def test_the_pbx_counts_days_by_its_own_clock(shelf: Shelf) -> None:
    after_midnight = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
    assert await sources.size_of(NAME, shelf, after_midnight) == 5


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "out", "2026/../../secret", "", "/"])
async def test_nothing_outside_of_the_folder(shelf: Shelf, name: str) -> None:
    with pytest.raises(NotThere):
        await sources.size_of(name, shelf, AT)


async def test_from_the_web_server_of_the_pbx() -> None:
    asked: list[tuple[str, str | None]] = []

    async def give(request: web.Request) -> web.Response:
        asked.append((request.path, request.headers.get("Authorization")))
        known = request.path == f"/rec/2026/11/21/{NAME}"
        return web.Response(body=b"sound") if known else web.Response(status=404)

    app = web.Application()
    app.router.add_get("/rec/{name:.*}", give)
    async with TestServer(app) as server:
        url = str(server.make_url("/rec"))
        shelf = Shelf(url=url + "/{file}", user="pult", password="пароль")
        assert b"".join([chunk async for chunk in sources.read(NAME, shelf, AT)]) == b"sound"
        assert asked[-1] == (
            f"/rec/2026/11/21/{NAME}",
            encode_basic_auth("pult", "пароль", "utf-8"),
        )
        plain = Shelf(url=url)
        assert b"".join([chunk async for chunk in sources.read(NAME, plain, AT)]) == b"sound"
        assert asked[-1][1] is None
        whole = f"{url}/2026/11/21/{NAME}"
        assert b"".join([chunk async for chunk in sources.read(whole, plain, AT)]) == b"sound"
        with pytest.raises(NotThere, match="another server"):
            [chunk async for chunk in sources.read("http://10.0.0.1/a.wav", plain, AT)]
        with pytest.raises(NotThere, match="404"):
            [chunk async for chunk in sources.read("2026/other.wav", shelf, AT)]

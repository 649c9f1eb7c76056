"""The content store, links to files, and how a browser may show them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from crm_core.files.links import check_token, link_token
from crm_core.files.serving import serving_headers
from crm_core.files.sniffing import UNKNOWN, sniff
from crm_core.files.store import FileStore, TooLarge
from crm_core.kernel import clock, secrets


async def _chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def _broken() -> AsyncIterator[bytes]:
    yield b"half"
    raise ConnectionError


def _files(root: Path) -> list[Path]:
    return [one for one in root.rglob("*") if one.is_file()]


async def test_a_content_is_kept_once_under_its_hash(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    kept = await store.put(_chunks(b"\xff\xd8", b"\xff", b"x" * 1000), limit=2000)
    again = await store.put_bytes(b"\xff\xd8\xff" + b"x" * 1000)
    sha = hashlib.sha256(b"\xff\xd8\xff" + b"x" * 1000).hexdigest()
    assert kept == again
    assert (kept.sha, kept.size, kept.mime) == (sha, 1003, "image/jpeg")
    assert _files(tmp_path) == [tmp_path / sha[:2] / sha[2:4] / sha]
    assert b"".join([chunk async for chunk in store.read(sha)]) == b"\xff\xd8\xff" + b"x" * 1000


async def test_the_limit_is_the_last_byte_that_fits(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    with pytest.raises(TooLarge, match="limit is 1 MB"):
        await store.put(_chunks(b"x" * 600, b"x" * 401), limit=1000)
    assert _files(tmp_path) == []
    assert (await store.put(_chunks(b"x" * 600, b"x" * 400), limit=1000)).size == 1000


async def test_a_broken_download_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConnectionError):
        await FileStore(tmp_path).put(_broken(), limit=1000)
    assert _files(tmp_path) == []


async def test_a_cancelled_upload_leaves_nothing(tmp_path: Path) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b"x" * 1000
        begun.set()
        await asyncio.Event().wait()

    begun = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(FileStore(tmp_path).put(slow(), limit=10_000))
        await begun.wait()
        task.cancel()
    assert _files(tmp_path) == []


async def test_a_thread_keeps_a_content_the_same_way(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    content = b"%PDF-" + b"x" * 1000
    assert store.put_now(content) == await store.put_bytes(content) == store.put_now(content)
    assert store.path(store.put_now(content).sha).read_bytes() == content


async def test_what_is_not_here_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        async for _ in FileStore(tmp_path).read("0" * 64):
            pass


@pytest.fixture(name="_key", autouse=True)
def _key() -> None:
    secrets.use_key("a key for tests only")


def test_a_link_is_good_for_one_file_and_a_while() -> None:
    token = link_token(7, life=timedelta(minutes=5))
    assert check_token(token) == 7
    assert check_token(token.replace("7.", "8.", 1)) is None
    assert check_token(token[:-1] + ("a" if token[-1] != "a" else "b")) is None
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert check_token(token) is None


@pytest.mark.parametrize("token", ["", ".", "..", "7..x", "x.y.z", "7.99999999999", "٧.1.x"])
def test_a_forged_link_opens_nothing(token: str) -> None:
    assert check_token(token) is None


@pytest.mark.parametrize(
    "mime", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/javascript"]
)
def test_what_a_browser_could_run_is_only_downloaded(mime: str) -> None:
    headers = serving_headers("счёт.html", mime)
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ['a"; filename="b.html', "a\r\nSet-Cookie: x=1", "счёт №1.pdf"])
def test_a_name_can_not_break_out_of_its_header(name: str) -> None:
    value = serving_headers(name, "application/pdf")["Content-Disposition"]
    assert value.startswith("inline;")
    assert value.isascii()
    assert value.isprintable()
    assert value.count('"') == 2


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF0000WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"%PDF-1.7", "application/pdf"),
        (b"<html><script>", UNKNOWN),
        (b"<svg onload=alert(1)>", UNKNOWN),
        (b"GIF<script>", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_contents_are_known_by_their_first_bytes(head: bytes, mime: str) -> None:
    assert sniff(head) == mime

"""Where a PBX keeps its recordings: a folder that is mounted here, or its own web server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlsplit

import aiohttp

CHUNK = 256 * 1024
DAY = timedelta(days=1)
TIMEOUT = aiohttp.ClientTimeout(total=600, connect=10, sock_read=30)


class NotThere(Exception):
    """The recording is not there (yet); `str(error)` says where it was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A PBX's recordings. `folder`: the place they are mounted at here; else `url`, in which
    `{file}` stands for the name (or is put at the end), with `user`:`password`."""

    folder: Path | None = None
    url: str = ""
    user: str = ""
    password: str = ""


def candidates(name: str, at: datetime) -> list[str]:
    """Names relative to the shelf, likeliest first.

    A PBX says the whole path on its own disk, the path below its folder, or (FreePBX) the bare
    name of a file that lies in the folder of its day: by the PBX's own clock, so the days beside
    it count, too. The beginning of a path may be called otherwise here. Cloud PBXs say a whole
    address.
    """
    if "://" in name:
        return [name]
    parts = [part for part in PurePosixPath(name).parts if part != "/"]
    if ".." in parts or not parts:
        return []
    tails = ["/".join(parts[start:]) for start in range(len(parts))]
    bare = parts[-1]
    return tails + [f"{day:%Y/%m/%d}/{bare}" for day in (at, at - DAY, at + DAY)]


def find(name: str, shelf: Shelf, at: datetime) -> Path | None:
    """The file in the mounted folder; None when it is not there. Never outside of the folder."""
    root = (shelf.folder or Path()).resolve()
    for one in candidates(name, at):
        path = (root / one).resolve()
        if path.is_relative_to(root) and path.is_file():
            return path
    return None


async def size_of(name: str, shelf: Shelf, at: datetime) -> int:
    """Bytes there are of a mounted recording by now; raises NotThere."""
    path = await asyncio.to_thread(find, name, shelf, at)
    if path is None:
        raise NotThere(name)
    return (await asyncio.to_thread(path.stat)).st_size


async def read(name: str, shelf: Shelf, at: datetime) -> AsyncIterator[bytes]:
    """Stream the recording; raises NotThere, OSError, aiohttp.ClientError, TimeoutError."""
    if shelf.folder is not None:
        async for chunk in _from_folder(name, shelf, at):
            yield chunk
        return
    async for chunk in _from_web(candidates(name, at), shelf):
        yield chunk


async def _from_folder(name: str, shelf: Shelf, at: datetime) -> AsyncIterator[bytes]:
    path = await asyncio.to_thread(find, name, shelf, at)
    if path is None:
        raise NotThere(name)
    source = await asyncio.to_thread(path.open, "rb")
    try:
        while chunk := await asyncio.to_thread(source.read, CHUNK):
            yield chunk
    finally:
        await asyncio.to_thread(source.close)


async def _from_web(names: Iterable[str], shelf: Shelf) -> AsyncIterator[bytes]:
    known = {"Authorization": aiohttp.encode_basic_auth(shelf.user, shelf.password, "utf-8")}
    headers = known if shelf.user else {}
    async with aiohttp.ClientSession(headers=headers, timeout=TIMEOUT) as http:
        status = 404
        for name in names:
            async with http.get(_address(shelf.url, name)) as answer:
                status = answer.status
                if status == 200:
                    async for chunk in answer.content.iter_chunked(CHUNK):
                        yield chunk
                    return
                if status != 404:
                    break
        raise NotThere(f"HTTP {status}")


def _address(url: str, name: str) -> str:
    """Whole addresses only of the very server that was set: nobody sends us elsewhere."""
    if "://" in name:
        if urlsplit(name)[:2] != urlsplit(url)[:2]:
            raise NotThere("another server than the one that was set")
        return name
    if "{file}" in url:
        return url.replace("{file}", quote(name))
    return f"{url.rstrip('/')}/{quote(name)}"

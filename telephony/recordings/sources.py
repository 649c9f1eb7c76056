"""Reading a recording: from a folder that is mounted here, or from the PBX's own web server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from urllib.parse import quote, urlsplit

import aiohttp

from telephony.recordings.names import NotThere, Shelf, candidates, find

CHUNK = 256 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=600, connect=10, sock_read=30)


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

"""What needs no access key: waiting at a Long Poll server, downloading files. Over aiohttp."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from channels.vk import faults
from routing.contracts import DeliveryError, Rejected, RetryLater

CONNECT_SECONDS, DOWNLOAD_SECONDS = 10.0, 600.0
CHUNK = 64 * 1024
GONE = frozenset({400, 401, 403, 404, 410})


class LinkExpired(Rejected):
    """The link is no longer good; another may be."""


class Web:
    """A session, made when it is first needed."""

    def __init__(self) -> None:
        self._session: ClientSession | None = None

    async def wait(self, server: str, *, key: str, ts: str, seconds: int) -> dict[str, Any]:
        """One answer of a Long Poll server; raises RetryLater."""
        params = {"act": "a_check", "key": key, "ts": ts, "wait": str(seconds)}
        limit = ClientTimeout(total=seconds + 10, connect=CONNECT_SECONDS)
        try:
            async with self._http().get(server, params=params, timeout=limit) as answer:
                answer.raise_for_status()
                found = await answer.json(content_type=None)
        except (ClientError, TimeoutError, ValueError):
            found = None
        if isinstance(found, dict):
            return found
        raise RetryLater(faults.UNREACHABLE_API, after=2.0)

    async def stream(self, url: str) -> AsyncIterator[bytes]:
        """Chunks of a file; raises LinkExpired, Rejected or RetryLater."""
        if not url.startswith(("https://", "http://")):
            raise Rejected("VK gives no link to this file.")
        problem: DeliveryError
        limit = ClientTimeout(total=DOWNLOAD_SECONDS, connect=CONNECT_SECONDS)
        try:
            async with self._http().get(url, timeout=limit) as answer:
                if answer.status == 200:
                    async for chunk in answer.content.iter_chunked(CHUNK):
                        yield chunk
                    return
                problem = _no_file(answer.status)
        except (ClientError, TimeoutError, asyncio.IncompleteReadError):
            problem = RetryLater("VK does not give the file at the moment.", after=10.0)
        raise problem

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _http(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession()
        return self._session


def _no_file(status: int) -> DeliveryError:
    if status in GONE:
        return LinkExpired("VK no longer has this file.")
    return RetryLater("VK does not give the file at the moment.", after=10.0)

"""HTTP load by bare sockets: kept-open connections that post and read the status."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import cast

Request = Callable[[int], bytes]


class Caller(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._waiting: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head):
            return
        self._buffer = b""
        self._done(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionError("closed by the server"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    async def post(self, request: bytes) -> int:
        """The status of the answer."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def _done(self, status: int) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(status)


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def request(host: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    """A whole POST."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


@asynccontextmanager
async def callers(host: str, port: int, count: int) -> AsyncIterator[list[Caller]]:
    """Connections that are open."""
    loop = asyncio.get_running_loop()
    made = [(await loop.create_connection(Caller, host, port))[1] for _ in range(count)]
    try:
        yield made
    finally:
        for caller in made:
            caller.close()


class Refusals(RuntimeError):
    """Calls that were not answered with 200: the measurement means nothing."""


async def flood(
    lines: list[Caller], numbers: Iterator[int], make: Request, seconds: float
) -> list[float]:
    """As fast as answers come, all connections at once; seconds each call took."""
    took: list[float] = []
    stop = time.perf_counter() + seconds

    async def work(caller: Caller) -> None:
        while (begun := time.perf_counter()) < stop:
            _require(await caller.post(make(next(numbers))))
            took.append(time.perf_counter() - begun)

    async with asyncio.TaskGroup() as group:
        for caller in lines:
            group.create_task(work(caller))
    return took


def _require(status: int) -> None:
    if status != 200:
        raise Refusals(f"a webhook call was answered with {status}")


def arrivals(rate: float, seconds: float, seed: int = 1) -> list[float]:
    """Moments (seconds from the beginning) of independent arrivals."""
    chance, moments, at = random.Random(seed), [], 0.0
    while (at := at + chance.expovariate(rate)) < seconds:
        moments.append(at)
    return moments


async def drip(
    lines: list[Caller], numbers: Iterator[int], make: Request, moments: list[float]
) -> tuple[dict[int, float], list[float]]:
    """At given moments, whatever the answers: when each number was due (Unix seconds), and how
    long its answer took from then."""
    due: dict[int, float] = {}
    took: list[float] = []
    free: asyncio.Queue[Caller] = asyncio.Queue()
    for caller in lines:
        free.put_nowait(caller)

    async def work(number: int) -> None:
        caller = await free.get()
        try:
            _require(await caller.post(make(number)))
            took.append(time.time() - due[number])
        finally:
            free.put_nowait(caller)

    begun = time.time()
    async with asyncio.TaskGroup() as group:
        for moment in moments:
            await asyncio.sleep(max(0.0, begun + moment - time.time()))
            number = next(numbers)
            due[number] = begun + moment
            group.create_task(work(number))
    return due, took

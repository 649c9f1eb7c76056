"""The hub's side of the contract in memory for every channel, and servers that misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from crm_core.dialogs.messages import InboundEvent
from routing.contracts import Channel, HookRequest, Intake, RawEvent


class MemoryIntake:
    """Keeps events by key like the real one; `failing` is how many times it can't store.

    Each channel's own one says how its bodies are parsed.
    """

    @staticmethod
    def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
        raise NotImplementedError

    def __init__(self, failing: int = 0) -> None:
        self.stored: dict[str, RawEvent] = {}
        self.asked: list[str] = []
        self.refused: list[tuple[str, bytes, str]] = []
        self.failing = failing

    async def accept(self, raw: RawEvent) -> bool:
        self.asked.append(raw.key)
        await asyncio.sleep(0)
        if self.failing:
            self.failing -= 1
            message = "the database is away"
            raise ConnectionError(message)
        return self.stored.setdefault(raw.key, raw) is raw

    async def refuse(self, key: str, body: bytes, reason: str) -> None:
        self.refused.append((key, body, reason))

    @property
    def events(self) -> list[InboundEvent]:
        return [event for raw in self.stored.values() for event in self.parse(raw.body)]

    @property
    def texts(self) -> list[str]:
        return [text for event in self.events if (text := getattr(event, "text", ""))]


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Work that goes on beside the test and is cancelled at its end."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work)
        yield task
        task.cancel()


@asynccontextmanager
async def serving(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[str]:
    """A web server that gives every request to `answer`; yields its address."""
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


def hook(channel: Channel, intake: Intake) -> Callable[[web.Request], Awaitable[web.Response]]:
    """What the web room does with a call: hand it to the channel, send back its reply."""

    async def answer(request: web.Request) -> web.Response:
        reply = await channel.receive(await hook_request(request), intake)
        return web.Response(status=reply.status, body=reply.body, content_type=reply.content_type)

    return answer


async def hook_request(request: web.Request) -> HookRequest:
    return HookRequest(
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query),
        body=await request.read(),
        remote=request.remote or "",
    )

"""A shop with the widget on a real server: channel, pipes, wake-ups; a visitor's client."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from typing import Any

import orjson
from aiohttp import ClientResponse, ClientSession, TCPConnector, web

from channels.webchat import assets, live
from channels.webchat.channel import Channel
from channels.webchat.config import Config
from channels.webchat.handlers import HANDLERS
from crm_core.dialogs import commands, replies
from crm_core.dialogs.replies import Reply
from crm_core.kernel import db
from crm_core.kernel.actors import Actor
from crm_core.kernel.pump import Pump
from crm_core.kernel.wake import Wakeups
from crm_core.outbox.rows import channel_lane
from routing.contracts import Account
from routing.inbound.pipe import InboundPipe
from routing.outbound.channel_sender import ChannelSender
from routing.outbound.worker import LaneWorker
from tests import factories

PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<meta name="color-scheme" content="light dark"><title>Цветы рядом</title>
<style>body{{font:16px/1.5 system-ui;margin:0;padding:40px;max-width:760px}}</style>
<script src="{script}" data-channel="{channel}" {extra} async></script></head>
<body><h1>Цветы рядом</h1><p>Розы, пионы и гортензии с доставкой за час.</p>
<p>Лучшие цветы города: соберём букет, привезём и поздравим.</p>{body}</body></html>"""


@dataclass
class Site:
    """What a test needs at hand. `url` ends without a slash."""

    url: str
    channel: int
    live: Channel
    http: ClientSession
    manager: Actor
    bodies: dict[str, str] = field(default_factory=dict)

    def at(self, tail: str) -> str:
        return f"{self.url}/w/{self.channel}/{tail}"

    async def visitor(self, **headers: str) -> Visitor:
        """Somebody new on the page."""
        visitor = Visitor(self, headers)
        await visitor.session()
        return visitor

    async def dialog(self) -> int:
        """The newest dialog."""
        found: int = await db.fetchval("SELECT max(id) FROM dialog")
        return found

    async def accept(self, dialog: int) -> None:
        await commands.accept(self.manager, dialog_id=dialog)

    async def answer(self, dialog: int, text: str, extra: Reply | None = None) -> int:
        """A manager's answer, through the outbox."""
        message: int = await replies.reply(self.manager, dialog_id=dialog, text=text, extra=extra)
        return message


@dataclass
class Visitor:
    """A browser's side of the protocol, without a browser."""

    site: Site
    headers: dict[str, str]
    token: str = ""
    seen: list[dict[str, Any]] = field(default_factory=list)

    def _headers(self) -> dict[str, str]:
        return self.headers | ({"Authorization": f"Bearer {self.token}"} if self.token else {})

    async def session(self, **fields: Any) -> dict[str, Any]:
        body = {"token": self.token, "language": "ru"} | fields
        async with self.site.http.post(
            self.site.at("session"), json=body, headers=self.headers
        ) as response:
            found: dict[str, Any] = await response.json()
        self.token = found.get("token", self.token)
        return found

    async def post(self, tail: str, **body: Any) -> ClientResponse:
        response = await self.site.http.post(self.site.at(tail), json=body, headers=self._headers())
        await response.read()
        return response

    async def get(self, tail: str) -> ClientResponse:
        response = await self.site.http.get(self.site.at(tail), headers=self._headers())
        await response.read()
        return response

    async def write(self, text: str, **rest: Any) -> dict[str, Any]:
        response = await self.post("messages", **({"id": str(uuid.uuid4()), "text": text} | rest))
        found: dict[str, Any] = await response.json()
        return found

    async def events(self, after: str = "") -> AsyncGenerator[tuple[str, dict[str, Any]], None]:
        """Name and data of server-sent events, as they come."""
        async with self.site.http.get(
            self.site.at("stream"), params={"after": after}, headers=self._headers()
        ) as response:
            response.raise_for_status()
            name = ""
            async for line in response.content:
                if line.startswith(b"event: "):
                    name = line[7:].decode().strip()
                elif line.startswith(b"data: "):
                    yield name, orjson.loads(line[6:])

    async def messages(self, count: int, after: str = "") -> list[dict[str, Any]]:
        """The first so many messages of a stream."""
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(60):
            async for name, data in self.events(after):
                found += [data] if name == "message" else []
                if len(found) >= count:
                    break
        return found


@asynccontextmanager
async def open_site(*, pumped: bool = True, **config: Any) -> AsyncIterator[Site]:
    """The shop, its channel 1, and Анна on shift."""
    await factories.queue()
    manager = await factories.employee("Анна Петрова", capacity=1000)
    settings = Config(**{"title": "Цветы рядом", "ip_per_minute": 100_000} | config)
    number = await factories.channel(**settings.model_dump())
    account = Account(
        id=number, kind="webchat", name="Сайт", hook_url=None, hook_secret="", config=settings
    )
    channel = Channel(account)
    ear = Wakeups()
    live.use(ear)
    worker = LaneWorker(channel_lane(number), ChannelSender(channel), ear)
    bodies: dict[str, str] = {}
    async with _serving(_app(channel, number, bodies)) as url, asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(ear.run()), tasks.create_task(worker.run())]
        if pumped:
            running.append(tasks.create_task(Pump(HANDLERS, ear).run()))
        await ear.listening.wait()
        async with ClientSession(connector=TCPConnector(limit=0)) as http:
            yield Site(url, number, channel, http, manager, bodies)
        await channel.close()
        for task in running:
            task.cancel()


def _app(channel: Channel, number: int, bodies: dict[str, str]) -> web.Application:
    intake = InboundPipe().intake(number, channel.parse)

    async def visitors(request: web.Request) -> web.StreamResponse:
        return await channel.serve(request, request.match_info["tail"], intake)

    async def widget(_request: web.Request) -> web.Response:
        return web.Response(body=assets.widget_js(), content_type="text/javascript")

    async def page(request: web.Request) -> web.Response:
        query = dict(request.query)
        body = bodies.get(query.pop("body", ""), "")
        lang = escape(query.pop("lang", "ru"))
        extra = " ".join(f'data-{escape(k)}="{escape(v)}"' for k, v in query.items())
        script = f"http://127.0.0.1:{request.url.port}/widget.js"
        text = PAGE.format(lang=lang, script=script, channel=number, extra=extra, body=body)
        return web.Response(text=text, content_type="text/html")

    app = web.Application()
    app.router.add_get("/widget.js", widget)
    app.router.add_get("/page", page)
    app.router.add_route("*", f"/w/{number}/{{tail:.*}}", visitors)
    return app


@asynccontextmanager
async def _serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        with suppress(asyncio.CancelledError):
            await runner.cleanup()

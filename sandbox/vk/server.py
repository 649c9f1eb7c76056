"""The HTTP face of a world on loopback: methods, Long Poll, uploads, files."""

from __future__ import annotations

import asyncio
import inspect
import json
from typing import Any

from aiohttp import web

from sandbox.botapi.background import Background
from sandbox.guard import require_loopback
from sandbox.vk import longpoll, methods
from sandbox.vk.callbacks import Deliverer
from sandbox.vk.calls import Call, Cut, Fault, raise_for
from sandbox.vk.communities import Community
from sandbox.vk.errors import VkError
from sandbox.vk.strict import HANDLERS, Context, checked
from sandbox.vk.world import World

__all__ = ["Server", "methods"]


class Server:
    """Serves one world. Use `async with Server(world) as base_url`, or start() and stop()."""

    def __init__(self, world: World, host: str = "127.0.0.1", port: int = 0) -> None:
        require_loopback(host)
        self.world = world
        self._address = (host, port)
        self._runner: web.AppRunner | None = None
        self._background = Background()

    async def start(self) -> str:
        """Listen; returns the base URL that stands for https://api.vk.ru."""
        self._runner = web.AppRunner(
            self._app(), handler_cancellation=True, shutdown_timeout=0.1, access_log=None
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, *self._address).start()
        self.world.base_url = f"http://{self._address[0]}:{self._runner.addresses[0][1]}"
        self._background.start(Deliverer(self.world, self._background).run())
        return self.world.base_url

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self._background.stop()

    async def __aenter__(self) -> str:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=2**31)
        app.router.add_post("/method/{method}", self._call)
        app.router.add_get("/lp/{group}", self._long_poll)
        app.router.add_post("/upload/{kind}", self._upload)
        app.router.add_get("/file/{id}/{kind}", self._file)
        return app

    async def _call(self, request: web.Request) -> web.StreamResponse:
        given = {key: str(value) for key, value in (await request.post()).items()}
        name = request.match_info["method"]
        call = Call(method=name, params={k: v for k, v in given.items() if k != "access_token"})
        self.world.calls.append(call)
        self.world.feed.touch()
        try:
            body = {"response": await self._answer(call, given)}
            call.outcome = "ok"
        except VkError as error:
            call.outcome, call.code, body = "error", error.code, error.body(given)
        except HttpFault as fault:
            return web.Response(status=fault.status, text="Bad Gateway")
        except (Cut, asyncio.CancelledError) as end:
            call.outcome = "lost"
            if isinstance(end, Cut) and request.transport is not None:
                request.transport.abort()
                return web.Response()
            raise
        except Exception as error:
            self.world.violations.append(f"{name} broke: {error!r}")
            raise
        finally:
            self.world.feed.touch()
        return _json(body)

    async def _answer(self, call: Call, given: dict[str, str]) -> Any:
        group = self._group(given)
        if call.method not in HANDLERS:
            raise VkError(3)
        context = Context(self.world, group, call.method, self._checked(call.method, given))
        fault = self.world.faults.take(call.method)
        if fault is not None and not fault.after:
            await _strike(fault)
        result = HANDLERS[call.method](context)
        if inspect.isawaitable(result):
            result = await result
        if fault is not None and fault.after:
            self.world.feed.touch()
            await _strike(fault)
        return result

    def _checked(self, name: str, given: dict[str, str]) -> dict[str, Any]:
        try:
            return checked(name, given)
        except VkError as error:
            if "unknown parameter" in str(error):
                self.world.violations.append(str(error))
            raise

    def _group(self, given: dict[str, str]) -> Community:
        if given.get("v") != self.world.config.version:
            raise VkError(8, "v (version) is required")
        token = given.get("access_token")
        for group in self.world.groups.values():
            if group.token == token:
                return group
        raise VkError(5)

    async def _long_poll(self, request: web.Request) -> web.StreamResponse:
        events = self.world.events.get(int(request.match_info["group"]))
        if events is None:
            return web.Response(status=404)
        return _json(await longpoll.answer(events, dict(request.query)))

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """Answers what VK's upload servers do: words to be passed on to a saving method."""
        kind = request.match_info["kind"]
        fields = await request.post()
        wanted = "file0" if kind == "photo" else "file"
        field = fields.get(wanted, fields.get("photo") if kind == "photo" else None)
        if not isinstance(field, web.FileField):
            return _json({"error": "no_file"})
        file = self.world.add_file(kind, field.filename, field.file.read())
        if kind == "photo":
            return _json({"server": 1, "photo": json.dumps([file.id]), "hash": file.token})
        return _json({"file": file.token})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = self.world.files.get(int(request.match_info["id"]))
        if file is None or file.gone or (request.query and "size" not in request.query):
            return web.Response(status=404)
        return web.Response(body=file.data, content_type="application/octet-stream")


class HttpFault(Exception):
    """An HTTP status instead of an answer."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


async def _strike(fault: Fault) -> None:
    raise_for(fault)
    if fault.status:
        raise HttpFault(fault.status)
    if fault.reset:
        raise Cut
    if fault.hang:
        await asyncio.Event().wait()


def _json(body: Any) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, content_type="application/json")

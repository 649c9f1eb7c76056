"""The HTTP face of a world: `/bot{token}/{method}` and `/file/bot{token}/{path}` on loopback."""

from __future__ import annotations

import json

from aiohttp import web

from sandbox.botapi.background import Background
from sandbox.botapi.decode import read_request
from sandbox.botapi.dispatch import Cut, Reply, dispatch
from sandbox.botapi.errors import ApiError
from sandbox.botapi.webhooks import Deliverer
from sandbox.botapi.world import World
from sandbox.guard import require_loopback

_BODY_LIMIT = 2**31


class Server:
    """Serves one world. Use `async with Server(world) as base_url`, or start() and stop()."""

    def __init__(self, world: World, host: str = "127.0.0.1", port: int = 0) -> None:
        require_loopback(host)
        self.world = world
        self.base_url = ""
        self._address = (host, port)
        self._runner: web.AppRunner | None = None
        self._background = Background()

    async def start(self) -> str:
        """Listen; returns the base URL for TelegramAPIServer.from_base."""
        self._runner = web.AppRunner(
            self.make_app(), handler_cancellation=True, shutdown_timeout=0.1, access_log=None
        )
        await self._runner.setup()
        host, port = self._address
        await web.TCPSite(self._runner, host, port).start()
        bound = self._runner.addresses[0]
        self.base_url = f"http://{f'[{host}]' if ':' in host else host}:{bound[1]}"
        self._background.start(Deliverer(self.world, self._background).run())
        return self.base_url

    async def stop(self) -> None:
        """Stop listening and delivering; open calls are dropped."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self._background.stop()

    async def __aenter__(self) -> str:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def make_app(self) -> web.Application:
        app = web.Application(client_max_size=_BODY_LIMIT)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        app.router.add_route("*", "/{path:.*}", self._nothing)
        return app

    async def _call(self, request: web.Request) -> web.StreamResponse:
        bot = self.world.bot_by_token(request.match_info["token"])
        if bot is None:
            return _json(Reply(401, ApiError(401, "Unauthorized").body()))
        try:
            raw = await read_request(request, self.world.config.max_upload)
            return _json(await dispatch(self.world, bot, request.match_info["method"], raw))
        except ApiError as error:
            return _json(Reply(error.code, error.body()))
        except Cut:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        bot = self.world.bot_by_token(request.match_info["token"])
        if bot is None:
            return _json(Reply(401, ApiError(401, "Unauthorized").body()))
        file = self.world.files.download(bot.id, request.match_info["path"])
        if file is None:
            return _json(Reply(404, ApiError(404, "Not Found").body()))
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def _nothing(self, _: web.Request) -> web.StreamResponse:
        return _json(Reply(404, ApiError(404, "Not Found").body()))


def _json(reply: Reply) -> web.Response:
    text = json.dumps(reply.body, ensure_ascii=False)
    return web.Response(text=text, status=reply.status, content_type="application/json")

"""Viber's HTTP face on this machine: `pa/…` for bots, `dl/…` for files of clients."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Self
from urllib.parse import quote, unquote, urlsplit

import aiohttp
from aiohttp import web

from sandbox.botapi.background import Background
from sandbox.viber.callbacks import Callbacks
from sandbox.viber.state import Bot, Chat, File, Json, Said
from sandbox.viber.strict import problems_of
from sandbox.viber.world import World

METHODS = ("set_webhook", "get_account_info", "send_message", "get_user_details")
EVENTS = {"delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"}
OK: Json = {"status": 0, "status_message": "ok"}


class Server:
    """Serves a world while entered; `url` is the address of the API."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.callbacks = Callbacks(world)
        self.url = ""
        self._background = Background()
        self._runner: web.AppRunner | None = None
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/pa/{method}", self._method)
        app.router.add_get("/dl/{id}/{name}", self._download)
        self._http = aiohttp.ClientSession()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._background.start(self.callbacks.run())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._background.stop()
        if self._runner and self._http:
            await self._http.close()
            await self._runner.cleanup()

    def address(self, file: File) -> str:
        """Where a client's file is fetched from."""
        return f"{self.url}/dl/{file.id}/{quote(file.name)}?expires=3600"

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file = self.world.files.get(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.data, content_type=file.mime)

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if method not in METHODS:
            raise web.HTTPNotFound
        body: Json = json.loads(await request.text() or "{}")
        self.world.calls.append((method, body))
        fault = self.world.fault(method)
        if fault and fault.http:
            return web.Response(status=fault.http, text="<html>gateway</html>")
        if fault and fault.status is not None:
            return web.json_response({"status": fault.status, "status_message": "scripted"})
        token = request.headers.get("X-Viber-Auth-Token") or body.pop("auth_token", "")
        bot = self.world.bots.get(token)
        if bot is None:
            return web.json_response({"status": 2, "status_message": "invalidAuthToken"})
        answer = await getattr(self, f"_{method}")(bot, body)
        if fault and fault.lost and request.transport:
            request.transport.close()
        return web.json_response(answer)

    async def _set_webhook(self, bot: Bot, body: Json) -> Json:
        url = str(body.get("url") or "")
        if url and urlsplit(url).hostname not in {"127.0.0.1", "localhost"}:
            self.world.violations.append(f"webhook to a stranger: {urlsplit(url).hostname}")
            return {"status": 1, "status_message": "invalidUrl"}
        token = self.world.next_token()
        test = {"event": "webhook", "timestamp": self._stamp(), "message_token": token}
        if url and await self.callbacks.try_out(url, bot.token, test) != 200:
            return {"status": 1, "status_message": "invalidUrl: webhook does not answer 200"}
        bot.webhook = url
        bot.event_types = [each for each in body.get("event_types", EVENTS) if each in EVENTS]
        return OK | {"event_types": bot.event_types}

    async def _get_account_info(self, bot: Bot, _body: Json) -> Json:
        return OK | {
            "id": "pa:75346594275468546724",
            "name": bot.name,
            "uri": bot.uri,
            "webhook": bot.webhook,
            "event_types": bot.event_types,
            "subscribers_count": sum(each.subscribed for each in bot.chats.values()),
        }

    async def _get_user_details(self, bot: Bot, body: Json) -> Json:
        chat = bot.chats.get(str(body.get("id")))
        if chat is None:
            return {"status": 5, "status_message": "receiverNotRegistered"}
        return OK | {"user": chat.user.body()}

    async def _send_message(self, bot: Bot, body: Json) -> Json:
        chat = bot.chats.get(str(body.get("receiver")))
        if problems := problems_of(body):
            self.world.violations += problems
            return {"status": 3, "status_message": f"badData: {'; '.join(problems)}"}
        if chat is None:
            return {"status": 5, "status_message": "receiverNotRegistered"}
        refusals = {
            (10, "webhookNotSet"): not bot.webhook,
            (6, "receiverNotSubscribed"): not chat.subscribed,
            (13, "apiVersionNotSupported"): body.get("min_api_version", 1) > chat.user.api_version,
            (12, "tooManyRequests"): not self.world.room(chat),
        }
        for (status, message), refused in refusals.items():
            if refused:
                return {"status": status, "status_message": message}
        return await self._deliver(bot, chat, body)

    async def _deliver(self, bot: Bot, chat: Chat, body: Json) -> Json:
        token = self.world.next_token()
        file = await self._fetched(body)
        said = Said(
            token=token,
            mine=False,
            at=self.world.now(),
            body=body,
            sender=body["sender"]["name"],
            file=file,
            state="sent",
        )
        chat.said.append(said)
        chat.unanswered.append(self.world.now())
        chat.keyboard = body.get("keyboard") or chat.keyboard
        chat.last_tracking = str(body.get("tracking_data") or "")
        if "media" in body and file is None:
            said.state = "failed"
            self._tell(bot, chat, "failed", token, desc="media could not be downloaded")
        else:
            said.state = "delivered"
            self._tell(bot, chat, "delivered", token)
        self.world.publish(chat)
        return OK | {"message_token": token, "billing_status": 1}

    async def _fetched(self, body: Json) -> File | None:
        """Viber's servers take the file from its address at once."""
        if "media" not in body or body["type"] == "url":
            return None
        assert self._http is not None  # noqa: S101 - the server runs
        try:
            async with self._http.get(body["media"]) as response:
                data = await response.read()
        except (TimeoutError, aiohttp.ClientError):
            return None
        if response.status != 200:
            return None
        if body.get("size", len(data)) != len(data):
            self.world.violations.append("size is not the size of the file")
        name = body.get("file_name") or unquote(urlsplit(body["media"]).path).rpartition("/")[2]
        return self.world.keep(name, response.content_type, data)

    def _tell(self, bot: Bot, chat: Chat, event: str, token: int, **more: str) -> None:
        mark = {"timestamp": self._stamp(), "message_token": token, "user_id": chat.user.id}
        self.callbacks.put(bot, {"event": event} | mark | more)

    def _stamp(self) -> int:
        return int(self.world.now() * 1000)

"""Callback API: answering VK's calls, and registering our address with the community."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
import structlog

from channels.vk.api import Api
from channels.vk.config import API_VERSION, Config
from channels.vk.longpoll import WANTED
from routing.contracts import Account, ChannelBroken, DeliveryError, HookReply, HookRequest, Intake

log = structlog.get_logger(__name__)

RETRY_HEADER = "x-retry-counter"
OK = HookReply(body=b"ok")
TITLE = "Pult"
LOOK_AGAIN_SECONDS, AFTER_TROUBLE_SECONDS = 300.0, 30.0
NO_ADDRESS = "Callback mode needs a public https address: set PULT_PUBLIC_URL, or use Long Poll."

Update = dict[str, Any]
Take = Callable[[Update, str], Awaitable[None]]


def secret_of(account: Account, config: Config) -> str:
    """What VK writes into every event: set by hand, or ours (at most 50 characters)."""
    if config.secret is not None:
        return config.secret.get_secret_value()
    return hashlib.sha256(f"vk:{account.hook_secret}".encode()).hexdigest()[:40]


@dataclass(slots=True, kw_only=True)
class Door:
    """Answers calls: `ok` only after the event is stored, 403 when it isn't VK's."""

    api: Api
    config: Config
    account: Account
    take: Take
    intake: Intake

    async def answer(self, request: HookRequest) -> HookReply:
        if request.method != "POST":
            return HookReply(status=405, body=b"POST only")
        update = _decoded(request.body)
        if update is None:
            key = "body:" + hashlib.sha256(request.body).hexdigest()[:32]
            return await self._stored(request, self.intake.refuse(key, request.body, "no event"))
        if not same(update.get("group_id"), self.config.group_id):
            return HookReply(status=403, body=b"another community")
        if update["type"] == "confirmation":
            return await self._confirm()
        if not same(update.get("secret"), secret_of(self.account, self.config)):
            return HookReply(status=403, body=b"wrong secret")
        return await self._stored(request, self.take(update, event_key(update, request.body)))

    async def _confirm(self) -> HookReply:
        """The string VK wants to see; asked of VK itself when nobody has set it."""
        if self.config.confirmation is not None:
            return HookReply(body=self.config.confirmation.get_secret_value().strip().encode())
        try:
            found = await self.api.call(
                "groups.getCallbackConfirmationCode", again=True, group_id=self.config.group_id
            )
        except DeliveryError as error:
            log.warning("vk_not_confirmed", channel=self.account.name, reason=str(error))
            return HookReply(status=503, body=b"no confirmation string at the moment")
        return HookReply(body=str(found["code"]).encode())

    async def _stored(self, request: HookRequest, work: Awaitable[None]) -> HookReply:
        tries = request.headers.get(RETRY_HEADER, "0")
        try:
            await work
        except Exception:
            log.exception("vk_event_not_stored", channel=self.account.name, tries=tries)
            return HookReply(status=503, body=b"not stored, send it again")
        if tries not in {"", "0"}:
            log.info("vk_event_came_again", channel=self.account.name, tries=tries)
        return OK


def same(given: object, ours: object) -> bool:
    """Compared in constant time; an empty one opens nothing."""
    return bool(ours) and hmac.compare_digest(str(given).encode(), str(ours).encode())


def event_key(update: Update, body: bytes) -> str:
    """VK's own key of the event; old versions had none."""
    given = update.get("event_id")
    if isinstance(given, str) and given:
        return given
    return "body:" + hashlib.sha256(body).hexdigest()[:32]


def _decoded(body: bytes) -> Update | None:
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return update if isinstance(update, dict) and isinstance(update.get("type"), str) else None


@dataclass(slots=True, kw_only=True)
class Registrar:
    """Keeps our address registered until cancelled."""

    api: Api
    config: Config
    account: Account
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> None:
        while True:
            seconds = LOOK_AGAIN_SECONDS
            try:
                await self.register()
            except DeliveryError as error:
                seconds = AFTER_TROUBLE_SECONDS
                log.warning("vk_callback_not_set", channel=self.account.name, reason=str(error))
            await self.pause(seconds)

    async def register(self) -> bool:
        """Add our server when VK knows none (or a failed one); True when something was set."""
        url = self.account.hook_url
        if not url:
            raise ChannelBroken(NO_ADDRESS)
        if self.config.secret is not None:
            return False  # set up by hand
        known = await self._call("groups.getCallbackServers")
        ours = [one for one in known["items"] if one.get("url") == url]
        if ours and ours[0].get("status") in {"ok", "wait"}:
            return False
        server = await self._server(url, ours)
        events = dict.fromkeys(WANTED, 1)
        await self._call(
            "groups.setCallbackSettings", server_id=server, api_version=API_VERSION, **events
        )
        log.info("vk_callback_set", channel=self.account.name)
        return True

    async def _server(self, url: str, ours: list[Update]) -> int:
        given = {"url": url, "title": TITLE, "secret_key": secret_of(self.account, self.config)}
        if ours:
            number = int(ours[0]["id"])
            await self._call("groups.editCallbackServer", server_id=number, **given)
            return number
        return int((await self._call("groups.addCallbackServer", **given))["server_id"])

    async def _call(self, method: str, **values: Any) -> Any:
        return await self.api.call(method, again=True, group_id=self.config.group_id, **values)

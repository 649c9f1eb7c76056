"""Viber's webhook: registering ours, knowing Viber's calls by their signature, answering them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
import structlog

from channels.viber import faults, parse, render
from channels.viber.api import Api
from channels.viber.config import Config
from routing.contracts import (
    Account,
    ChannelBroken,
    DeliveryError,
    HookReply,
    HookRequest,
    Intake,
    RawEvent,
)

log = structlog.get_logger(__name__)

SIGNATURE_HEADER = "x-viber-content-signature"
EVENTS = ["delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"]
LOOK_AGAIN_SECONDS = 900.0
AFTER_TROUBLE_SECONDS = 30.0
Note = Callable[[str | None], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Registrar:
    """Keeps our webhook registered until cancelled; `note` hears what is wrong (None: nothing)."""

    api: Api
    account: Account
    note: Note
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> None:
        marked = True  # perhaps by who ran before us
        while True:
            seconds = LOOK_AGAIN_SECONDS
            try:
                await self.register()
                if marked:
                    await self.note(None)
                marked = False
            except DeliveryError as error:
                seconds = AFTER_TROUBLE_SECONDS
                log.warning("viber_webhook_not_set", channel=self.account.name, reason=str(error))
                if isinstance(error, ChannelBroken):
                    marked = True
                    await self.note(str(error))
            await self.pause(seconds)

    async def register(self) -> bool:
        """Set the webhook when Viber knows another one; True when it was set now."""
        if not self.account.hook_url:
            raise ChannelBroken(faults.NO_HOOK)
        info = await self.api.call("get_account_info", {}, again=True)
        if is_ours(info, self.account.hook_url):
            return False
        body = {
            "url": self.account.hook_url,
            "event_types": EVENTS,
            "send_name": True,
            "send_photo": False,
        }
        await self.api.call("set_webhook", body, again=True)
        log.info("viber_webhook_set", channel=self.account.name)
        return True


def is_ours(info: dict[str, Any], url: str) -> bool:
    """Whether Viber calls this address with everything we want to hear of."""
    return info.get("webhook") == url and set(EVENTS) <= set(info.get("event_types") or ())


async def answer(
    request: HookRequest, account: Account, config: Config, intake: Intake
) -> HookReply:
    """Reply to one call: 200 only after the event is stored, 403 when it isn't Viber's."""
    if request.method != "POST":
        return HookReply(status=405, body=b"POST only")
    if not is_authentic(request, config.token.get_secret_value()):
        return HookReply(status=403, body=b"wrong signature")
    try:
        body = orjson.loads(request.body)
        key = parse.key_of(body)
    except ValueError as error:
        name = "body:" + hashlib.sha256(request.body).hexdigest()[:32]
        return await _stored(account, intake.refuse(name, request.body, str(error)))
    # The call that only tries the address out is no event.
    if body["event"] == "webhook":
        return HookReply()
    reply = await _stored(account, intake.accept(RawEvent(key=key, body=body)))
    return reply if reply.status != 200 else _greeting(body, config)


def is_authentic(request: HookRequest, token: str) -> bool:
    """Whether the raw body bears the bot's signature (HMAC-SHA256, hex, key: the token)."""
    given = request.headers.get(SIGNATURE_HEADER, "")
    expected = hmac.new(token.encode(), request.body, hashlib.sha256).hexdigest()
    return bool(token) and hmac.compare_digest(given.lower().encode(), expected.encode())


def _greeting(body: dict[str, Any], config: Config) -> HookReply:
    """Somebody opened the chat: the answer may carry one message, and only now."""
    if body["event"] != "conversation_started" or body.get("subscribed") or not config.welcome:
        return HookReply()
    context = str(body.get("context") or "")
    message = render.welcome(config, parse.tracking(context) if context else "")
    return HookReply(body=orjson.dumps(message), content_type="application/json")


async def _stored(account: Account, work: Awaitable[object]) -> HookReply:
    try:
        await work
    except Exception:
        log.exception("viber_event_not_stored", channel=account.name)
        return HookReply(status=500, body=b"not stored, send it again")
    return HookReply()

"""Webhooks: registering ours with Telegram, and answering its calls."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from aiogram.methods import GetWebhookInfo, SetWebhook

from channels.telegram.api import Api
from channels.telegram.updates import WANTED, RawUpdate, callback_id, decode
from routing.contracts import Account, ChannelBroken, DeliveryError, HookReply, HookRequest, Intake

log = structlog.get_logger(__name__)

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - a name, not a secret
MAX_CONNECTIONS = 40
LOOK_AGAIN_SECONDS = 300.0
AFTER_TROUBLE_SECONDS = 30.0
NO_ADDRESS = "Webhook mode needs a public https address: set PULT_PUBLIC_URL, or use polling."

Take = Callable[[RawUpdate], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Registrar:
    """Keeps our webhook registered until cancelled."""

    api: Api
    account: Account
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> None:
        while True:
            seconds = LOOK_AGAIN_SECONDS
            try:
                await self.register()
            except DeliveryError as error:
                seconds = AFTER_TROUBLE_SECONDS
                log.warning(
                    "telegram_webhook_not_set", channel=self.account.name, reason=str(error)
                )
            await self.pause(seconds)

    async def register(self) -> bool:
        """Set the webhook when Telegram knows another one; True when it was set now."""
        url = self.account.hook_url
        if not url:
            raise ChannelBroken(NO_ADDRESS)
        info = await self.api.call(GetWebhookInfo(), again=True)
        if info.get("last_error_message"):
            log.warning(
                "telegram_webhook_failed",
                channel=self.account.name,
                reason=info["last_error_message"],
                waiting=info.get("pending_update_count"),
            )
        if _is_ours(info, url):
            return False
        request = SetWebhook(
            url=url,
            secret_token=self.account.hook_secret,
            allowed_updates=WANTED,
            max_connections=MAX_CONNECTIONS,
        )
        await self.api.call(request, again=True)
        log.info("telegram_webhook_set", channel=self.account.name)
        return True


async def answer(request: HookRequest, account: Account, take: Take, intake: Intake) -> HookReply:
    """Reply to one call: 200 only after the update is stored, 403 when it isn't Telegram's."""
    if request.method != "POST":
        return HookReply(status=405, body=b"POST only")
    if not is_authentic(request, account.hook_secret):
        return HookReply(status=403, body=b"wrong secret")
    try:
        update = decode(request.body)
    except ValueError as error:
        key = "body:" + hashlib.sha256(request.body).hexdigest()[:32]
        return await _stored(account, intake.refuse(key, request.body, str(error)))
    return await _stored(account, take(update), callback_id(update))


def is_authentic(request: HookRequest, secret: str) -> bool:
    """Whether the call carries the secret we gave to Telegram; an empty secret opens nothing."""
    given = request.headers.get(SECRET_HEADER, "")
    return bool(secret) and hmac.compare_digest(given.encode(), secret.encode())


async def _stored(account: Account, work: Awaitable[None], pressed: str | None = None) -> HookReply:
    try:
        await work
    except Exception:
        log.exception("telegram_update_not_stored", channel=account.name)
        return HookReply(status=500, body=b"not stored, send it again")
    return _stop_waiting(pressed) if pressed else HookReply()


def _stop_waiting(pressed: str) -> HookReply:
    """A reply may carry one method call: the pressed button stops its clock."""
    call = {"method": "answerCallbackQuery", "callback_query_id": pressed}
    return HookReply(body=orjson.dumps(call), content_type="application/json")


def _is_ours(info: dict[str, Any], url: str) -> bool:
    return (
        info.get("url") == url
        and sorted(info.get("allowed_updates") or []) == sorted(WANTED)
        and info.get("max_connections", MAX_CONNECTIONS) == MAX_CONNECTIONS
        and "403" not in info.get("last_error_message", "")  # we refuse it: an old secret
    )

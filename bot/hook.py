"""The bot's webhook: registering it, and storing what it brings before the 200."""

from __future__ import annotations

import asyncio
import hashlib

import structlog
from aiogram.methods import SetWebhook

from bot import intake
from channels.telegram.api import Api
from channels.telegram.hook import is_authentic
from channels.telegram.updates import WANTED, decode
from routing.contracts import DeliveryError, HookReply, HookRequest

log = structlog.get_logger(__name__)

LOOK_AGAIN, AFTER_TROUBLE = 600.0, 30.0


async def receive(request: HookRequest, secret: str) -> HookReply:
    """403 without the secret, 500 when nothing could be stored (Telegram sends it again)."""
    if request.method != "POST":
        return HookReply(status=405, body=b"POST only")
    if not is_authentic(request, secret):
        return HookReply(status=403, body=b"wrong secret")
    try:
        await _keep(request.body)
    except Exception:
        log.exception("bot_update_not_stored")
        return HookReply(status=500, body=b"not stored, send it again")
    return HookReply()


async def _keep(body: bytes) -> None:
    try:
        update = decode(body)
    except ValueError as error:
        digest = hashlib.sha256(body).hexdigest()[:32]
        await intake.refuse(f"body:{digest}", body, str(error))
        return
    await intake.store(update)


async def register(api: Api, url: str, secret: str) -> None:
    """Keep the webhook set until cancelled."""
    while True:
        seconds = LOOK_AGAIN
        request = SetWebhook(url=url, secret_token=secret, allowed_updates=WANTED)
        try:
            await api.call(request, again=True)
        except DeliveryError as error:
            seconds = AFTER_TROUBLE
            log.warning("bot_webhook_not_set", reason=str(error))
        await asyncio.sleep(seconds)

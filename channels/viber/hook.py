"""Calls of Viber's webhook: known by their signature, stored, answered."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable
from typing import Any

import orjson
import structlog

from channels.viber import parse, render
from channels.viber.config import Config
from routing.contracts import Account, HookReply, HookRequest, Intake, RawEvent

log = structlog.get_logger(__name__)

SIGNATURE_HEADER = "x-viber-content-signature"


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

"""Webhooks of providers: `/hooks/{channel}/{secret}`; the managers' bot's is `/hooks/bot/…`."""

from __future__ import annotations

import hmac

import structlog
from aiohttp import web
from prometheus_client import Counter

from admin_web.context import CONTEXT, Context
from crm_core.accounts.queries import account
from routing.contracts import HookReply, HookRequest

log = structlog.get_logger(__name__)
routes = web.RouteTableDef()

REFUSED = Counter("pult_hooks_refused", "Webhook calls that were not the provider's", ["channel"])
TAKEN = Counter("pult_hooks_taken", "Webhook calls answered", ["channel", "status"])


@routes.route("*", "/hooks/{channel}/{secret}")
async def hook(request: web.Request) -> web.Response:
    """Hand the call to its channel; a wrong secret gets 403 and is counted."""
    context = request.app[CONTEXT]
    name, secret = request.match_info["channel"], request.match_info["secret"]
    reply = await _answer(context, name, secret, request)
    if reply is None:
        REFUSED.labels(name if name.isdecimal() else "other").inc()
        return web.Response(status=403, text="wrong secret")
    if reply.status in {401, 403}:
        REFUSED.labels(name).inc()
    TAKEN.labels(name, str(reply.status)).inc()
    return web.Response(
        status=reply.status,
        body=reply.body,
        content_type=reply.content_type,
        headers=dict(reply.headers),
    )


async def _answer(
    context: Context, name: str, secret: str, request: web.Request
) -> HookReply | None:
    if name == "bot":
        return await context.bot_hook(await _read(request)) if context.bot_hook else None
    live = context.live().get(int(name)) if name.isdecimal() else None
    # An unknown channel is compared as well: the time taken must not tell which exist.
    expected = live.row.hook_secret if live else "-" * 32
    if not hmac.compare_digest(expected.encode(), secret.encode()) or live is None:
        return await _switched_off(name, secret)
    intake = context.pipe.intake(live.row.id, live.channel.parse)
    return await live.channel.receive(await _read(request), intake)


async def _switched_off(name: str, secret: str) -> HookReply | None:
    """An account that is off takes nothing: the provider keeps it and comes again."""
    row = await account(int(name)) if name.isdecimal() and len(name) < 18 else None
    if row is None or not hmac.compare_digest(row.hook_secret.encode(), secret.encode()):
        return None
    return HookReply(status=503, body=b"switched off", headers={"Retry-After": "30"})


async def _read(request: web.Request) -> HookRequest:
    return HookRequest(
        method=request.method,
        headers={key.lower(): value for key, value in request.headers.items()},
        query=dict(request.query),
        body=await request.read(),
        remote=request.remote or "",
    )

"""setWebhook, deleteWebhook, getWebhookInfo."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import bad_request, too_many
from sandbox.botapi.state import Json
from sandbox.guard import SandboxRefusal, require_loopback

_SECRET = re.compile(r"[A-Za-z0-9_-]*")


def _check_url(url: str) -> None:
    """Unlike the real server, plain http is taken, and nothing but this machine is called."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    try:
        require_loopback(parts.hostname)
    except SandboxRefusal:
        raise bad_request("bad webhook: the sandbox calls loopback addresses only") from None


def _check_secret(secret: str) -> None:
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")


@method("setWebhook")
def set_webhook(context: Context) -> bool:
    url = context.get("url", "")
    if not url:
        return _delete(context)
    hook, now = context.world.webhooks[context.bot.id], context.world.clock.now()
    if now < hook.next_set_at:
        raise too_many(1)
    hook.next_set_at = now + 1
    _check_url(url)
    _check_secret(context.get("secret_token", ""))
    queue = context.world.queues[context.bot.id]
    if context.get("drop_pending_updates"):
        queue.clear()
    queue.allow(context.get("allowed_updates"))
    hook.clear()
    hook.url = url
    hook.secret = context.get("secret_token", "")
    hook.max_connections = min(max(context.get("max_connections", 40), 1), 100)
    return True


@method("deleteWebhook")
def delete_webhook(context: Context) -> bool:
    return _delete(context)


def _delete(context: Context) -> bool:
    if context.get("drop_pending_updates"):
        context.world.queues[context.bot.id].clear()
    context.world.webhooks[context.bot.id].clear()
    return True


@method("getWebhookInfo")
def get_webhook_info(context: Context) -> Json:
    queue = context.world.queues[context.bot.id]
    allowed = sorted(queue.allowed) if queue.allowed is not None else None
    return context.world.webhooks[context.bot.id].info(len(queue.pending()), allowed)

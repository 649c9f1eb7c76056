"""What the web server works with, and its typed keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from routing.contracts import HookReply, HookRequest
from routing.inbound.pipe import InboundPipe
from routing.runner import Live

BotHook = Callable[[HookRequest], Awaitable[HookReply]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """`live` are the running channels by id; `bot_hook` takes the managers' bot's updates."""

    live: Callable[[], Mapping[int, Live]]
    pipe: InboundPipe
    bot_hook: BotHook | None = None


CONTEXT = web.AppKey("context", Context)

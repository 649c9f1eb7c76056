"""What the web server works with, and its typed keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from aiohttp import web

from routing.contracts import HookReply, HookRequest
from routing.inbound.pipe import InboundPipe
from routing.runner import Live

Network = IPv4Network | IPv6Network
BotHook = Callable[[HookRequest], Awaitable[HookReply]]
# (id, secret, path, request); None when the secret is wrong.
PbxHook = Callable[[str, str, str, HookRequest], Awaitable[HookReply | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """`live` are the running channels by id; `bot_hook` takes the managers' bot's updates,
    `pbx_hook` what PBXs ask and tell; `proxies` are believed when they say who calls."""

    live: Callable[[], Mapping[int, Live]]
    pipe: InboundPipe
    bot_hook: BotHook | None = None
    pbx_hook: PbxHook | None = None
    proxies: tuple[Network, ...] = ()


CONTEXT = web.AppKey("context", Context)

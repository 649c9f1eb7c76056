"""Who calls, when a proxy of ours stands in between: believed only of proxies the settings name."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from admin_web.context import CONTEXT, Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HEADER = "X-Forwarded-For"
MOST = 20


@web.middleware
async def proxies(request: web.Request, handler: Handler) -> web.StreamResponse:
    """`request.remote` is the visitor, not the proxy that handed the call on."""
    trusted = request.app[CONTEXT].proxies
    if trusted and (told := request.headers.getall(HEADER, [])):
        visitor = visitor_of(request.remote or "", ",".join(told), trusted)
        request = request.clone(remote=visitor)
    return await handler(request)


def visitor_of(peer: str, told: str, trusted: Sequence[Network]) -> str:
    """The nearest address no trusted proxy has: each proxy adds its caller at the end, and what
    stands before the first untrusted one anybody may have written."""
    found = peer
    for entry in reversed(told.split(",")[-MOST:]):
        if not _is_trusted(found, trusted):
            return found
        address = _address(entry)
        if address is None:
            return found
        found = str(address)
    return found


def _is_trusted(text: str, trusted: Sequence[Network]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in trusted)


def _address(text: str) -> Address | None:
    """`203.0.113.7`, `203.0.113.7:4711`, `[2001:db8::1]:4711`; None when it is none."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found

"""Behind a proxy every visitor has a limit of their own; nobody else says who they are."""

from __future__ import annotations

import ipaddress

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from admin_web.app import build
from admin_web.context import Context
from admin_web.proxies import visitor_of
from channels import registry
from crm_core.accounts.queries import account
from crm_core.kernel import db
from crm_core.kernel.wake import Wakeups
from routing.inbound.pipe import InboundPipe
from routing.runner import ChannelRunner
from tests import factories

OURS = tuple(map(ipaddress.ip_network, ("127.0.0.1/32", "10.0.0.0/8")))


@pytest.mark.parametrize(
    ("peer", "told", "visitor"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first one is made up
        ("127.0.0.1", "203.0.113.7, 10.1.2.3", "203.0.113.7"),  # two proxies of ours
        ("127.0.0.1", "203.0.113.7:51000", "203.0.113.7"),
        ("127.0.0.1", "[2001:db8::7]:51000", "2001:db8::7"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7, <script>", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # no proxy of ours
        ("::ffff:127.0.0.1", "203.0.113.7", "203.0.113.7"),
    ],
)
def test_who_calls(peer: str, told: str, visitor: str) -> None:
    assert visitor_of(peer, told, OURS) == visitor


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(("trusted", "taken"), [(OURS, 4), ((), 2)])
async def test_flood_limits_count_visitors(trusted: tuple[object, ...], taken: int) -> None:
    """Two forms a minute each: of two visitors behind a trusted proxy all four are taken."""
    await factories.queue()
    number = await factories.channel("leads", "Форма", service="form", per_minute="2")
    runner = ChannelRunner(registry.kind, InboundPipe(), Wakeups(), public_url=None, works=False)
    await runner.refresh()
    row = await account(number)
    assert row is not None
    context = Context(live=lambda: runner.live, pipe=InboundPipe(), proxies=trusted)  # type: ignore[arg-type]  # networks
    statuses = []
    async with TestServer(build(context)) as server, ClientSession() as http:
        url = server.make_url(f"/hooks/{row.id}/{row.hook_secret}")
        for visitor in ("203.0.113.7", "203.0.113.8"):
            for count in range(3):
                body = {"name": f"Олег {count}", "phone": f"+7912000{visitor[-1]}00{count}"}
                headers = {"X-Forwarded-For": f"198.51.100.{count}, {visitor}"}
                async with http.post(url, data=body, headers=headers) as response:
                    statuses.append(response.status)
    assert statuses.count(200) == taken
    assert statuses.count(429) == 6 - taken
    assert await db.fetchval("SELECT count(*) FROM raw_event") == taken

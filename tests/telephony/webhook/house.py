"""Pult beside a PBX in the cloud, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, web

from admin_web.app import build as build_web
from admin_web.context import Context
from crm_core.accounts.commands import Settings
from crm_core.calls import connecting, pbxes
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Actor
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups
from routing.inbound.pipe import InboundPipe
from telephony.runner import PbxRunner
from tests import factories


class Cloud:
    """The PBX's side: keeps the orders it gets, refuses those it is told to."""

    def __init__(self) -> None:
        self.orders: list[tuple[str, dict[str, Any]]] = []
        self.refuses = ""
        self.obey: Callable[[dict[str, Any]], Awaitable[None]] | None = None

    async def take(self, request: web.Request) -> web.Response:
        order = await request.json()
        self.orders.append((request.headers.get("Authorization", ""), order))
        if self.obey is not None:
            await self.obey(order)
        return web.Response(status=409 if self.refuses else 200, text=self.refuses)


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class House:
    """Pult and the cloud, both listening."""

    def __init__(self, cloud: Cloud, hook: str, anna: Actor) -> None:
        self.cloud, self.hook, self.anna = cloud, hook, anna

    async def tell(self, *events: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        async with ClientSession() as http, http.post(f"{self.hook}/events", json=events) as told:
            return told.status, await told.json()


@asynccontextmanager
async def standing() -> AsyncIterator[House]:
    """Pult and the cloud at work."""
    await factories.queue()
    anna = await factories.employee("Анна")
    await db.execute("UPDATE employee SET extension = '101' WHERE id = $1", anna.id)
    cloud, wakeups, supervisor = Cloud(), Wakeups(), Supervisor()
    app = web.Application()
    app.router.add_post("/orders", cloud.take)
    async with served(app) as address:
        config = {"url": f"{address}/orders", "token": "cloud-token"}
        stored = Settings(config=config, secret_fields=["token"])
        pbx_id = await connecting.add(SYSTEM, kind="webhook", name="cloud", settings=stored)
        runner = PbxRunner(wakeups, public_url=None)
        supervisor.start("wakeups", wakeups.run)
        await wakeups.listening.wait()
        await runner.refresh()
        supervisor.start("telephony", runner.run)
        context = Context(live=dict, pipe=InboundPipe(), pbx_hook=runner.receive)
        async with served(build_web(context)) as pult:
            row = await pbxes.pbx(pbx_id)
            assert row is not None
            yield House(cloud, f"{pult}/hooks/pbx/{row.id}/{row.hook_secret}", anna)
        await supervisor.stop()

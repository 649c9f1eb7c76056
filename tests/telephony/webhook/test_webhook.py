"""A PBX that speaks JSON over real HTTP: calls, questions, orders."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web

from admin_web.app import build as build_web
from admin_web.context import Context
from crm_core.accounts.commands import Settings
from crm_core.calls import commands, pbxes, queries
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Actor
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups
from routing.inbound.pipe import InboundPipe
from telephony.runner import PbxRunner, build
from tests import factories, scene
from tests.waiting import eventually

CALLER = "+79161234567"


class Cloud:
    """The PBX's side: keeps the orders it gets, refuses those it is told to."""

    def __init__(self) -> None:
        self.orders: list[tuple[str, dict[str, Any]]] = []
        self.refuses = ""

    async def take(self, request: web.Request) -> web.Response:
        self.orders.append((request.headers.get("Authorization", ""), await request.json()))
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


@pytest_asyncio.fixture(loop_scope="session")
async def house(opened: str) -> AsyncIterator[House]:
    await factories.queue()
    anna = await factories.employee("Анна")
    await db.execute("UPDATE employee SET extension = '101' WHERE id = $1", anna.id)
    cloud, wakeups, supervisor = Cloud(), Wakeups(), Supervisor()
    app = web.Application()
    app.router.add_post("/orders", cloud.take)
    async with served(app) as address:
        config = {"url": f"{address}/orders", "token": "cloud-token"}
        stored = Settings(config=config, secret_fields=["token"])
        pbx_id = await pbxes.add(SYSTEM, kind="webhook", name="cloud", settings=stored)
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


def event(name: str, second: int, **rest: Any) -> dict[str, Any]:
    return {"event": name, "call": "c-1", "at": f"2026-11-02T09:00:{second:02}Z", **rest}


WHOLE = (
    event("started", 0, number="8 916 123-45-67", did="74950010"),
    event("ringing", 1, extension="101"),
    event("answered", 4, extension="101"),
    event("held", 6),
    event("resumed", 8),
    event("ended", 14, hung_up_by="client"),
    event("recorded", 15, recording="https://pbx.example/c-1.mp3"),
)


async def test_a_call_is_stored_as_it_was_told_also_when_told_twice(house: House) -> None:
    for one in (*WHOLE, *WHOLE):
        assert await house.tell(one) == (200, {"taken": 1})
    [call] = await queries.calls(queries.Filter())
    assert (call.direction, call.number, call.outcome) == ("inbound", CALLER, "answered")
    assert (call.wait_seconds, call.talk_seconds) == (4, 10)
    assert (call.employee_id, call.hung_up_by) == (house.anna.id, "client")
    assert call.recording == "https://pbx.example/c-1.mp3"
    assert await scene.events("CallRinging", "CallAnswered", "CallEnded") == [
        "CallRinging",
        "CallAnswered",
        "CallEnded",
    ]


async def test_all_at_once_is_the_same_call(house: House) -> None:
    assert (await house.tell(*WHOLE))[0] == 200
    [call] = await queries.calls(queries.Filter())
    assert (call.outcome, call.legs[0].outcome) == ("answered", "answered")


async def test_nobody_took_it(house: House) -> None:
    await house.tell(*WHOLE[:2], event("ended", 20))
    assert await scene.events("CallMissed") == ["CallMissed"]


async def test_what_is_wrong_is_said(house: House) -> None:
    status, told = await house.tell({"event": "started", "call": "c-1", "at": "yesterday"})
    assert (status, told["error"].split(":")[0]) == (422, "at")
    assert await queries.calls(queries.Filter()) == []


async def test_a_wrong_secret_learns_nothing(house: House) -> None:
    wrong = house.hook.rsplit("/", 1)[0] + "/wrong/events"
    async with ClientSession() as http, http.post(wrong, json=WHOLE[0]) as told:
        assert told.status == 403
    assert await queries.calls(queries.Filter()) == []


async def test_whom_to_ring(house: House) -> None:
    async with ClientSession() as http:
        for tried, ring in (("", ["101"]), ("101", [])):
            query = {"call": "c-1", "caller": CALLER, "tried": tried}
            async with http.get(f"{house.hook}/route", params=query) as told:
                assert await told.json() == {"ring": ring, "queue": None, "busy": False}


async def outcome(order_id: int) -> queries.OrderView:
    async def look() -> queries.OrderView | None:
        found = await queries.order(order_id)
        return found if found and found.state in {"done", "failed"} else None

    found = await eventually(look, what="the order to end")
    assert found is not None
    return found


async def test_orders_are_posted_once_with_the_token(house: House) -> None:
    order = await outcome(await commands.dial(house.anna, number=CALLER))
    [(token, body)] = house.cloud.orders
    assert (order.state, token) == ("done", "Bearer cloud-token")
    assert (body["verb"], body["extension"], body["number"]) == ("dial", "101", CALLER)
    assert body["call"] == order.call_key


async def test_a_refusal_is_told_in_the_pbxs_words(house: House) -> None:
    house.cloud.refuses = "line is busy"
    order = await outcome(await commands.dial(house.anna, number=CALLER))
    assert (order.state, order.error) == ("failed", "the PBX refused (409): line is busy")


@pytest.mark.usefixtures("house")
async def test_check_asks_the_pbx() -> None:
    [row] = await pbxes.pbxes()
    report = await build(row, "https://pult.example").check()
    assert report.ok
    assert "/hooks/pbx/1/" in build(row, "https://pult.example").setup()

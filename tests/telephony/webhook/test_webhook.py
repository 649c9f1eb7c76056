"""A PBX that speaks JSON over real HTTP: calls, questions, orders."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from crm_core.calls import commands, pbxes, queries
from telephony.runner import build
from tests import scene
from tests.telephony.webhook.house import House, standing
from tests.waiting import eventually

CALLER = "+79161234567"


@pytest_asyncio.fixture(loop_scope="session")
async def house(opened: str) -> AsyncIterator[House]:
    async with standing() as found:
        yield found


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

"""Calls are written once, told once, and put on the right card."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from crm_core.accounts.commands import Settings
from crm_core.calls import commands, connecting, orders, pbxes, queries
from crm_core.calls.record import record
from crm_core.calls.shapes import CallSeen, LegSeen
from crm_core.clients import commands as clients
from crm_core.clients.rules import ContactKind
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.kernel.errors import Conflict, Forbidden, Invalid
from tests import factories, scene

pytestmark = pytest.mark.usefixtures("opened")
T0 = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


async def pbx() -> int:
    return await connecting.add(
        SYSTEM, kind="asterisk", name="office", settings=Settings(config={})
    )


async def phone(name: str, extension: str, role: Role = Role.MANAGER) -> Actor:
    actor = await factories.employee(name, role=role)
    await db.execute("UPDATE employee SET extension = $2 WHERE id = $1", actor.id, extension)
    return actor


def leg(**rest: Any) -> LegSeen:
    given: dict[str, Any] = {"key": "k.1", "extension": "102", "how": "ring", "rang_at": T0} | rest
    return LegSeen(**given)


def ringing(**rest: Any) -> CallSeen:
    given: dict[str, Any] = {
        "key": "k.0",
        "direction": "inbound",
        "state": "ringing",
        "started_at": T0,
        "number": "8 916 123-45-67",
        "legs": (leg(),),
    } | rest
    return CallSeen(**given)


def talked() -> CallSeen:
    spoken = leg(answered_at=after(2), ended_at=after(9), outcome="answered", talk_seconds=7)
    return dataclasses.replace(
        ringing(legs=(spoken,)),
        state="ended",
        answered_at=after(2),
        ended_at=after(9),
        outcome="answered",
        wait_seconds=2,
        talk_seconds=7,
    )


async def test_a_call_is_told_as_it_goes_on_and_only_once() -> None:
    pbx_id, anna = await pbx(), await phone("Анна", "102")
    client_id = (await clients.create(SYSTEM, name="Иван")).client_id
    await clients.add_contact(
        SYSTEM, client_id=client_id, kind=ContactKind.PHONE, value="+79161234567"
    )
    for seen in (ringing(), ringing(), talked(), talked(), ringing()):
        await record(pbx_id, [seen])
    assert await scene.events("CallStarted", "CallRinging", "CallAnswered", "CallEnded") == [
        "CallStarted",
        "CallRinging",
        "CallAnswered",
        "CallEnded",
    ]
    [view] = await queries.calls(queries.Filter(client_id=client_id))
    assert (view.state, view.outcome, view.talk_seconds) == ("ended", "answered", 7)
    assert (view.number, view.employee_id, view.client) == ("+79161234567", anna.id, "Иван")
    assert [one.employee for one in view.legs] == ["Анна"]


async def test_a_call_handed_on_is_told_when_the_next_one_speaks() -> None:
    """The second phone is up a moment before the caller is connected with it."""
    pbx_id = await pbx()
    await phone("Анна", "102")
    await phone("Борис", "101")
    spoke = leg(answered_at=after(2), ended_at=after(5), outcome="answered")
    took = leg(key="k.2", extension="101", how="transfer", rang_at=after(5), answered_at=after(8))
    handed = ringing(legs=(spoke, took), answered_at=after(2))
    for seen in (
        ringing(),
        ringing(legs=(leg(answered_at=after(2)),), state="talking", answered_at=after(2)),
        handed,
        dataclasses.replace(handed, state="talking"),
        dataclasses.replace(handed, state="talking"),
    ):
        await record(pbx_id, [seen])
    told = await db.fetch("SELECT data FROM event WHERE type = 'CallChanged' ORDER BY id")
    assert [orjson.loads(row["data"])["what"] for row in told].count("connected") == 1


async def test_nobody_took_it() -> None:
    pbx_id, anna = await pbx(), await phone("Анна", "102")
    gone = leg(ended_at=after(5), outcome="cancelled")
    lost = dataclasses.replace(
        ringing(legs=(gone,)), state="ended", ended_at=after(5), outcome="abandoned", wait_seconds=5
    )
    await record(pbx_id, [ringing()])
    await record(pbx_id, [lost])
    row = await db.fetchrow("SELECT data FROM event WHERE type = 'CallMissed'")
    assert row is not None
    assert orjson.loads(row["data"])["rung"] == [anna.id]
    assert len(await queries.calls(queries.Filter(missed=True))) == 1


async def test_strangers_calls_come_to_the_card_that_takes_their_number() -> None:
    pbx_id = await pbx()
    await record(pbx_id, [ringing(), ringing(key="k.9")])
    client_id = (await clients.create(SYSTEM, name="Новый")).client_id
    [first, _second] = await queries.living()
    await commands.link(SYSTEM, call_id=first.id, client_id=client_id)
    assert len(await queries.calls(queries.Filter(client_id=client_id))) == 2


async def test_an_ordered_call_belongs_to_the_card_it_was_begun_from() -> None:
    pbx_id, anna = await pbx(), await phone("Анна", "102")
    client_id = (await clients.create(SYSTEM, name="Иван")).client_id
    order_id = await commands.dial(
        anna,
        number="8 (916) 123-45-67",
        client_id=client_id,
        origin=commands.Origin(kind="deal", id=7),
    )
    order = await orders.take(pbx_id)
    assert order is not None
    assert (order.id, order.verb, order.data["number"]) == (order_id, "dial", "+79161234567")
    assert await orders.take(pbx_id) is None
    await record(pbx_id, [ringing(key=order.call_key, direction="outbound", number="89161234567")])
    [view] = await queries.living()
    assert (view.client_id, view.ordered_by_id) == (client_id, anna.id)
    assert view.origin == {"kind": "deal", "id": 7}


async def test_orders_end_once_and_never_come_late() -> None:
    pbx_id, anna = await pbx(), await phone("Анна", "102")
    order_id = await commands.dial(anna, number="+79161234567")
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        assert await orders.take(pbx_id) is None
        assert await orders.drop_late(pbx_id) == 1
    view = await queries.order(order_id)
    assert view is not None
    assert (view.state, view.error) == ("failed", orders.NOT_REACHED)
    await orders.finish(order_id)
    assert await scene.events("CallOrderFailed", "CallOrderDone") == ["CallOrderFailed"]


async def test_who_may_do_what() -> None:
    pbx_id, anna = await pbx(), await phone("Анна", "102")
    boris, clara = await phone("Борис", "103"), await phone("Клара", "104", Role.HEAD)
    nobody = await factories.employee("Без телефона")
    await record(pbx_id, [ringing()])
    [call] = await queries.living()
    with pytest.raises(Invalid):
        await commands.dial(nobody, number="+79161234567")
    with pytest.raises(Forbidden):
        await commands.hangup(boris, call_id=call.id)
    with pytest.raises(Forbidden):
        await commands.listen(boris, call_id=call.id)
    with pytest.raises(Conflict):
        await commands.listen(clara, call_id=call.id)
    await commands.take(boris, call_id=call.id)
    await commands.hangup(anna, call_id=call.id)
    await record(pbx_id, [talked()])
    with pytest.raises(Conflict):
        await commands.hangup(anna, call_id=call.id)


async def test_listening_is_written_down() -> None:
    pbx_id, clara = await pbx(), await phone("Клара", "104", Role.HEAD)
    await record(pbx_id, [ringing(state="talking", answered_at=T0, legs=(leg(answered_at=T0),))])
    [call] = await queries.living()
    await commands.listen(clara, call_id=call.id, mode="whisper")
    row = await db.fetchrow("SELECT actor, data FROM event WHERE type = 'CallListened'")
    assert row is not None
    assert row["actor"] == clara.key
    assert orjson.loads(row["data"])["mode"] == "whisper"


async def test_a_removed_pbx_keeps_its_calls() -> None:
    pbx_id = await pbx()
    await record(pbx_id, [talked()])
    await connecting.remove(SYSTEM, pbx_id=pbx_id)
    assert await pbxes.pbxes() == []
    assert len(await queries.calls(queries.Filter())) == 1
    await pbx()

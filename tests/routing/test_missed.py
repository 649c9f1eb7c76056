"""Missed calls: one request per caller, closed by itself when somebody has spoken with them."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from crm_core.calls import callbacks, resultviews
from crm_core.calls.commands import block
from crm_core.calls.record import record
from crm_core.calls.shapes import CallSeen
from crm_core.clients import commands as clients
from crm_core.clients.rules import ContactKind
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.pump import Pump
from crm_core.kernel.wake import Wakeups
from crm_core.requests.commands import accept
from routing.missed import HANDLERS
from tests import factories
from tests.crm_core.recordings.scenes import NUMBER, pbx, phone, talk

pytestmark = pytest.mark.usefixtures("opened")
OTHER = "+74950011234"


async def happens(*calls: CallSeen) -> None:
    """Calls are told in this order, and the facts are handled at once."""
    for call in calls:
        await record(await pbx(), [call])
    await Pump(HANDLERS, Wakeups()).drain()


def missed(key: str, minute: float = 0, **rest: Any) -> CallSeen:
    start = clock.now() - timedelta(minutes=60 - minute)
    silent = dataclasses.replace(
        talk(key, started_at=start, seconds=0),
        answered_at=None,
        outcome="missed",
        talk_seconds=0.0,
        wait_seconds=12.0,
        legs=(),
    )
    return dataclasses.replace(silent, **rest)


def spoken(key: str, minute: float, **rest: Any) -> CallSeen:
    return talk(key, started_at=clock.now() - timedelta(minutes=60 - minute), **rest)


async def requests() -> list[dict[str, Any]]:
    return [dict(row) for row in await db.fetch("SELECT * FROM request ORDER BY id")]


async def test_a_missed_call_becomes_a_request_to_call_back() -> None:
    await factories.queue()
    one = (await clients.create(SYSTEM, name="Иван", phone=NUMBER)).client_id
    await happens(missed("k.1"))
    [found] = await requests()
    assert (found["kind"], found["source"], found["state"]) == ("call", "Телефония", "new")
    assert (found["subject"], found["client_id"]) == ("Пропущенный звонок", one)
    assert found["text"] == "1 звонок, никто не ответил."
    assert found["call_id"] == await db.fetchval("SELECT id FROM call")


async def test_who_calls_six_times_is_one_request() -> None:
    await factories.queue()
    for number in range(6):
        await happens(missed(f"k.{number}", number))
    [found] = await requests()
    assert found["text"] == "6 звонков, никто не ответил."
    await happens(missed("k.other", 7, number=OTHER))
    assert len(await requests()) == 2


async def test_called_back_it_closes_itself_by_whoever_called() -> None:
    await factories.queue()
    anna = await phone("Анна", "102")
    await happens(missed("k.1", 0))
    await happens(spoken("k.2", 30, direction="outbound"))
    [found] = await requests()
    assert (found["state"], found["outcome"], found["responsible_id"]) == (
        "done",
        "handled",
        anna.id,
    )
    assert found["comment"] == "С клиентом уже поговорили."
    await happens(missed("k.3", 40))
    assert [one["state"] for one in await requests()] == ["done", "new"]


async def test_the_client_got_through_again_or_on_another_number() -> None:
    await factories.queue()
    await phone("Анна", "102")
    boris = await phone("Борис", "103")
    made = await clients.create(SYSTEM, name="Иван", phone=NUMBER)
    await clients.add_contact(SYSTEM, client_id=made.client_id, kind=ContactKind.PHONE, value=OTHER)
    await happens(missed("k.1", 0))
    [found] = await requests()
    await accept(boris, request_id=found["id"])
    await happens(spoken("k.2", 10, number=OTHER))
    [found] = await requests()
    assert (found["state"], found["responsible_id"]) == ("done", boris.id)


async def test_told_late_after_they_have_been_spoken_with() -> None:
    """The PBX's log brings the missed call when the call back is here already."""
    await factories.queue()
    await phone("Анна", "102")
    await happens(spoken("k.2", 30, direction="outbound"), missed("k.1", 0))
    assert await requests() == []


async def test_all_in_one_batch_in_the_order_it_happened() -> None:
    await factories.queue()
    await phone("Анна", "102")
    for call in (missed("k.1", 0), spoken("k.2", 10), missed("k.3", 20)):
        await record(await pbx(), [call])
    await Pump(HANDLERS, Wakeups()).drain()
    assert [one["state"] for one in await requests()] == ["new"]


async def test_nobody_to_call_back() -> None:
    """A hidden number, a blocked one, and calls that are no client's."""
    await factories.queue()
    await block(SYSTEM, number=OTHER)
    await happens(
        missed("k.1", number=None),
        missed("k.2", number=OTHER),
        missed("k.3", direction="outbound"),
        missed("k.4", direction="internal", number="102"),
    )
    assert await requests() == []


async def test_told_twice_changes_nothing() -> None:
    await factories.queue()
    await happens(missed("k.1"))
    await db.execute("UPDATE event SET pumped = false")
    await happens(missed("k.1"))
    [found] = await requests()
    assert found["text"] == "1 звонок, никто не ответил."


async def test_a_planned_call_back_is_dropped_when_they_have_spoken() -> None:
    await factories.queue()
    anna = await phone("Анна", "102")
    await happens(missed("k.1", 0))
    call_id = await db.fetchval("SELECT id FROM call")
    await callbacks.plan_back(anna, call_id=call_id, at=clock.now() + timedelta(hours=1))
    await happens(spoken("k.2", 59))
    assert await db.fetchval("SELECT count(*) FROM timer WHERE kind = 'call.back'") == 0
    found = await resultviews.result_of(call_id)
    assert found is not None
    assert found.back_at is None

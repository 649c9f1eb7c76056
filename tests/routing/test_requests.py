"""Distribution of requests: fair, never to an absent one, on when nobody accepts."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import orjson
import pytest

from crm_core.clients import commands as clients
from crm_core.dialogs.replies import reply
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM, Actor
from crm_core.kernel.timers import Timers
from crm_core.kernel.wake import Wakeups
from crm_core.requests import commands
from crm_core.requests.shapes import Origin
from crm_core.staff import commands as staff
from routing import requests
from tests import factories, scene
from tests.factories_requests import comes, lead, pump, request, row

pytestmark = pytest.mark.usefixtures("opened")

PHASES, EACH = 10, 100
OFFERED = "SELECT id, offered_to_id FROM request WHERE state = 'new' ORDER BY id"


async def offered() -> list[int | None]:
    return [found["offered_to_id"] for found in await db.fetch(OFFERED)]


async def lapse_due() -> None:
    works = Timers({requests.OFFER_TIMER: requests.lapse}, Wakeups())
    while await works.step():
        pass


async def at_work(people: list[Actor], present: set[int]) -> None:
    """Shifts change: who is not present is off or away."""
    for one in people:
        absent: staff.Presence = "off" if one.id % 2 else "away"
        await staff.change_presence(one.id, "on" if one.id in present else absent)
    await pump()


@pytest.mark.feature("REQ-16")
@pytest.mark.parametrize("strategy", ["least_loaded", "round_robin"])
async def test_a_thousand_leads_are_shared_fairly_among_those_present(
    strategy: staff.Strategy,
) -> None:
    chance = random.Random(strategy)  # noqa: S311 - repeatable
    channel = await scene.account(strategy=strategy)
    people = [await factories.employee(f"С{number}", capacity=200) for number in range(6)]
    for _phase in range(PHASES):
        present = {one.id for one in chance.sample(people, chance.randrange(1, 7))}
        await at_work(people, present)
        await comes(channel, *(lead() for _ in range(EACH)))
        await pump()
        found = await db.fetch(OFFERED)
        shares = Counter(one["offered_to_id"] for one in found)
        assert len(found) == EACH
        assert set(shares) == present, "everybody present, nobody absent"
        assert max(shares.values()) - min(shares.values()) <= 1
        await scene.require_true_loads()
        by_id = {one.id: one for one in people}
        for one in found:
            await commands.close(by_id[one["offered_to_id"]], request_id=one["id"])
        await pump()
    assert await db.fetchval("SELECT count(*) FROM request WHERE state = 'done'") == 1000
    absent = """
    SELECT count(*) FROM event e WHERE type = 'RequestOffered'
      AND jsonb_array_length(data->'employee_ids') <> 1
    """
    assert await db.fetchval(absent) == 0


async def test_the_clients_manager_comes_first_and_only_when_present() -> None:
    await factories.queue()
    anna, boris = await factories.employee("Анна"), await factories.employee("Борис")
    await clients.create(anna, name="Олег", phone="+79123456789")
    for _ in range(3):
        await request("89123456789")
    await pump()
    assert await offered() == [anna.id] * 3
    await staff.change_presence(anna.id, "away")
    await pump()
    assert await offered() == [boris.id] * 3
    await scene.require_true_loads()


async def test_everyone_sees_it_and_whoever_comes_later_too() -> None:
    await factories.queue(strategy="everyone")
    anna, boris = await factories.employee("Анна"), await factories.employee("Борис")
    vera = await factories.employee("Вера", presence="off")
    await request()
    await pump()
    assert await offered() == [None]
    await staff.change_presence(vera.id, "on")
    await pump()
    rows = await db.fetch("SELECT data FROM event WHERE type = 'RequestOffered' ORDER BY id")
    seen = [orjson.loads(one["data"])["employee_ids"] for one in rows]
    assert seen == [[anna.id, boris.id], [vera.id]]


async def test_nobody_on_shift_it_waits_and_goes_to_the_first_who_comes() -> None:
    await factories.queue()
    anna = await factories.employee("Анна", presence="off", capacity=2)
    for _ in range(3):
        await request()
    await pump()
    assert await offered() == [None] * 3
    await staff.change_presence(anna.id, "on")
    await pump()
    assert await offered() == [anna.id, anna.id, None], "and never more than there is room for"
    await commands.close(anna, request_id=1)
    await pump()
    assert await offered() == [anna.id, anna.id]
    await scene.require_true_loads()


async def test_not_accepted_in_time_it_goes_on_and_in_the_end_to_all() -> None:
    with clock.frozen(clock.now()):
        await factories.queue()
        anna, boris = await factories.employee("Анна"), await factories.employee("Борис")
        number = await request()
        await pump()
        assert await offered() == [anna.id]
        clock.advance(timedelta(seconds=119))
        await lapse_due()
        assert await offered() == [anna.id]
        clock.advance(timedelta(seconds=1))
        await lapse_due()
        assert await offered() == [boris.id]
        clock.advance(timedelta(seconds=120))
        await lapse_due()
        assert await offered() == [None]
        reason = orjson.loads((await row(number))["reason"])
        assert reason["why"] == "all_declined"
        await commands.accept(anna, request_id=number)
        clock.advance(timedelta(days=1))
        await lapse_due()
        assert (await row(number))["responsible_id"] == anna.id
        await scene.require_true_loads()


async def test_a_dismissed_persons_requests_go_to_others() -> None:
    await factories.queue()
    anna, boris = await factories.employee("Анна"), await factories.employee("Борис")
    taken, waiting = await request(), await request()
    await commands.accept(anna, request_id=taken)
    await pump()
    await staff.change_presence(anna.id, "on")
    await staff.deactivate(SYSTEM, employee_id=anna.id)
    await pump()
    assert await offered() == [boris.id, boris.id]
    assert {(await row(one))["state"] for one in (taken, waiting)} == {"new"}
    await scene.require_true_loads()


async def test_handed_to_a_queue_it_is_not_offered_to_the_one_who_gave_it() -> None:
    await factories.queue()
    anna, boris = await factories.employee("Анна"), await factories.employee("Борис")
    number = await request()
    await commands.accept(anna, request_id=number)
    await commands.hand_over(anna, request_id=number, queue_id=1)
    await pump()
    assert await offered() == [boris.id]


async def test_requests_that_came_before_there_was_a_queue() -> None:
    await request()
    await pump()
    await factories.queue()
    anna = await factories.employee("Анна")
    await pump()
    assert await offered() == [anna.id]


async def test_dialogs_and_requests_share_one_measure_of_load() -> None:
    channel = await scene.account()
    anna, boris = await factories.employee("Анна"), await factories.employee("Борис")
    await scene.held_by(anna, channel, "c1")
    await request()
    await pump()
    assert await offered() == [boris.id]
    await scene.dialog(channel, "c2")
    assert (await scene.state(2))[2] == anna.id, "both have one: it is the turn of Anna"


async def test_the_first_answer_is_noted() -> None:
    channel = await scene.account()
    anna = await factories.employee("Анна")
    with clock.frozen(clock.now()):
        dialog_id = await scene.held_by(anna, channel)
        clock.advance(timedelta(minutes=1))
        client_id = await db.fetchval("SELECT client_id FROM dialog")
        made = await commands.register(SYSTEM, origin=Origin(source="Сайт"), client_id=client_id)
        clock.advance(timedelta(minutes=1))
        await reply(anna, dialog_id=dialog_id, text="Здравствуйте")
        await pump()
        first = (await row(made.request_id))["answered_at"]
        assert first == clock.now()
        clock.advance(timedelta(minutes=1))
        await reply(anna, dialog_id=dialog_id, text="Вы здесь?")
        await pump()
        assert (await row(made.request_id))["answered_at"] == first

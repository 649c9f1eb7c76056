"""Assignment against the database: under many workers, by timers, by shifts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import orjson
import pytest

from crm_core.dialogs import commands
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.kernel.timers import Timers
from crm_core.kernel.wake import Wakeups
from crm_core.staff import commands as staff
from routing import assignment, draining
from routing.contracts import RawEvent
from routing.inbound.pipe import InboundPipe
from tests import factories, scene

pytestmark = pytest.mark.usefixtures("opened")


async def reasons() -> list[str]:
    rows = await db.fetch("SELECT reason FROM dialog ORDER BY id")
    return [orjson.loads(row["reason"]).get("why", "") for row in rows]


async def offered() -> list[int | None]:
    rows = await db.fetch("SELECT offered_to_id FROM dialog ORDER BY id")
    return [row["offered_to_id"] for row in rows]


async def shown() -> list[list[int]]:
    """To whom dialogs were shown, by fact."""
    rows = await db.fetch("SELECT data FROM event WHERE type = 'DialogOffered' ORDER BY id")
    return [orjson.loads(row["data"])["employee_ids"] for row in rows]


async def lapse_due() -> None:
    works = Timers({commands.OFFER_TIMER: assignment.lapse}, Wakeups())
    while await works.step():
        pass


async def many(count: int, *, pipes: int, channel: int) -> None:
    """Clients write at once, through the pipes of several processes."""
    doors = [InboundPipe() for _ in range(pipes)]

    async def write(number: int) -> None:
        message = factories.message(chat=f"c{number}")
        door = doors[number % pipes].intake(channel, lambda _body: [message])
        assert await door.accept(RawEvent(key=f"k{number}", body={}))

    await asyncio.gather(*(write(number) for number in range(count)))


@pytest.mark.parametrize("strategy", ["least_loaded", "round_robin"])
async def test_many_workers_are_fair_and_never_above_room(strategy: staff.Strategy) -> None:
    channel = await scene.account(strategy=strategy)
    people = [await factories.employee(f"С{number}", capacity=8) for number in range(5)]
    await many(33, pipes=6, channel=channel)
    shares = Counter(await offered())
    assert sum(shares.values()) == 33
    assert set(shares) == {one.id for one in people}
    assert max(shares.values()) - min(shares.values()) <= 1
    await scene.require_true_loads()


async def test_beyond_all_room_dialogs_wait_and_come_when_there_is_some() -> None:
    channel = await scene.account()
    people = [await factories.employee(f"С{number}", capacity=2) for number in range(3)]
    await many(10, pipes=4, channel=channel)
    assert Counter(await offered()) == Counter([*[None] * 4, *[one.id for one in people] * 2])
    assert Counter(await reasons()) == {"least_loaded": 6, "all_busy": 4}
    for dialog_id, holder in enumerate(await offered(), 1):
        if holder == people[0].id:
            await commands.accept(people[0], dialog_id=dialog_id)
            await commands.close(people[0], dialog_id=dialog_id)
    await asyncio.gather(*(scene.pump() for _ in range(3)))
    assert Counter(await offered())[None] == 4, "two are closed, two wait still"
    assert await db.fetchval("SELECT count(*) FROM dialog WHERE state = 'closed'") == 2
    await scene.require_true_loads()


async def test_drains_side_by_side_ask_nobody_twice() -> None:
    channel = await scene.account()
    await many(20, pipes=2, channel=channel)
    people = [await factories.employee(f"С{number}", capacity=3) for number in range(4)]

    async def drain() -> None:
        async with db.transaction():
            await draining.drain()

    await asyncio.gather(*(drain() for _ in range(6)))
    assert Counter(await offered()) == Counter([*[None] * 8, *[one.id for one in people] * 3])
    assert len(await shown()) == 12
    await scene.require_true_loads()


async def test_not_accepted_in_time_it_goes_on_and_in_the_end_to_all() -> None:
    with clock.frozen(clock.now()):
        channel = await scene.account()
        anna, boris = await factories.employee("Анна"), await factories.employee("Борис")
        await scene.dialog(channel)
        clock.advance(timedelta(seconds=119))
        await lapse_due()
        assert await offered() == [anna.id]
        clock.advance(timedelta(seconds=1))
        await lapse_due()
        assert await offered() == [boris.id]
        row = await db.fetchrow("SELECT reason FROM dialog")
        assert row is not None
        assert orjson.loads(row["reason"])["passed"] == 1
        await scene.require_true_loads()
        clock.advance(timedelta(seconds=120))
        await lapse_due()
        assert await offered() == [None]
        assert await reasons() == ["all_declined"]
        assert (await shown())[-1] == [anna.id, boris.id]
        await scene.pump()
        clock.advance(timedelta(days=1))
        await lapse_due()
        assert len(await shown()) == 3, "nobody is asked over and over"
    lapsed = "SELECT count(*) FROM event WHERE type = 'OfferWithdrawn'"
    assert await db.fetchval(f"{lapsed} AND data->>'why' = 'lapsed'") == 2
    await scene.require_true_loads()


async def test_lapses_side_by_side() -> None:
    with clock.frozen(clock.now()):
        channel = await scene.account()
        for number in range(4):
            await factories.employee(f"С{number}")
        await many(12, pipes=1, channel=channel)
        before = await offered()
        clock.advance(timedelta(seconds=120))
        await asyncio.gather(*(lapse_due() for _ in range(5)))
        assert all(
            now is not None and now != then
            for now, then in zip(await offered(), before, strict=True)
        )
        assert await db.fetchval("SELECT count(*) FROM timer WHERE attempts > 0") == 0
    await scene.require_true_loads()


async def test_accepted_it_does_not_lapse() -> None:
    channel = await scene.account()
    anna = await factories.employee("Анна")
    await scene.held_by(anna, channel)
    with clock.frozen(clock.now() + timedelta(days=1)):
        await lapse_due()
    assert await scene.state(1) == ("open", anna.id, None)


async def test_who_comes_on_shift_gets_what_waits_oldest_first() -> None:
    channel = await scene.account()
    await many(3, pipes=1, channel=channel)
    assert set(await reasons()) == {"nobody_on_shift"}
    anna = await factories.employee("Анна", capacity=2)
    await scene.pump()
    assert await offered() == [anna.id, anna.id, None]
    assert await reasons() == ["least_loaded", "least_loaded", "all_busy"]


@pytest.mark.parametrize("presence", ["away", "off"])
async def test_who_goes_gives_offers_back(presence: staff.Presence) -> None:
    channel = await scene.account()
    anna = await factories.employee("Анна")
    await many(3, pipes=1, channel=channel)
    boris = await factories.employee("Борис")
    await staff.set_presence(anna, presence=presence)
    await scene.pump()
    assert await offered() == [boris.id] * 3
    await scene.require_true_loads()
    await staff.set_presence(boris, presence="off")
    await scene.pump()
    assert await offered() == [None] * 3
    assert set(await reasons()) == {"nobody_on_shift"}
    await staff.set_presence(anna, presence="on")
    await scene.pump()
    assert await offered() == [anna.id] * 3, "having gone is not having declined"
    await scene.require_true_loads()


async def test_who_goes_keeps_what_was_accepted() -> None:
    channel = await scene.account()
    anna = await factories.employee("Анна")
    dialog_id = await scene.held_by(anna, channel)
    await staff.set_presence(anna, presence="off")
    await scene.pump()
    assert await scene.state(dialog_id) == ("open", anna.id, None)


async def test_what_somebody_dismissed_had_goes_to_others() -> None:
    channel = await scene.account(strategy="everyone")
    anna, boris = await factories.employee("Анна"), await factories.employee("Борис")
    held = await scene.held_by(anna, channel)
    await staff.save_queue(SYSTEM, name="Продажи", strategy="least_loaded")
    admin = await factories.employee("Админ", role=Role.ADMIN, presence="off")
    await staff.deactivate(admin, employee_id=anna.id)
    await scene.pump()
    assert await scene.state(held) == ("waiting", None, boris.id)
    assert await scene.events("DialogReturned") == ["DialogReturned"]
    await scene.require_true_loads()


async def test_everyone_sees_and_newcomers_too() -> None:
    channel = await scene.account(strategy="everyone")
    anna = await factories.employee("Анна")
    await scene.dialog(channel)
    await scene.pump()
    assert await offered() == [None]
    boris = await factories.employee("Борис")
    await scene.pump()
    assert await shown() == [[anna.id], [boris.id]]
    await commands.accept(boris, dialog_id=1)
    await factories.employee("Вера")
    await scene.pump()
    assert len(await shown()) == 2, "what is taken is shown to nobody"


async def test_declining_what_all_see_shows_it_to_nobody_anew() -> None:
    channel = await scene.account(strategy="everyone")
    anna, boris = await factories.employee("Анна"), await factories.employee("Борис")
    await scene.dialog(channel)
    await commands.decline(anna, dialog_id=1)
    await scene.pump()
    assert await shown() == [[anna.id, boris.id]]
    assert await reasons() == ["everyone"]


async def test_a_queue_without_people_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    channel = await scene.account()
    empty = await staff.save_queue(SYSTEM, name="Ночь")
    monkeypatch.setattr(draining, "WAITING", draining.WAITING.replace("LIMIT 200", "LIMIT 2"))
    await many(4, pipes=1, channel=channel)
    await db.execute("UPDATE dialog SET queue_id = $1 WHERE id <= 3", empty)
    anna = await factories.employee("Анна")
    await scene.pump()
    assert await offered() == [None, None, None, anna.id]


async def test_a_new_queue_takes_in_those_who_came_before_it() -> None:
    channel = await factories.channel()
    await scene.dialog(channel)
    anna = await factories.employee("Анна")
    await staff.save_queue(SYSTEM, name="Продажи", members=[anna.id])
    await scene.pump()
    assert await scene.state(1) == ("waiting", None, anna.id)
    await scene.dialog(channel, "c2")
    assert await scene.state(2) == ("waiting", None, anna.id), "the default queue of an account"


async def test_new_members_of_a_queue_get_what_waits_there() -> None:
    channel = await scene.account()
    anna = await factories.employee("Анна")
    await staff.save_queue(SYSTEM, name="Продажи", members=[])
    await scene.dialog(channel)
    await scene.pump()
    assert await offered() == [None]
    await staff.save_queue(SYSTEM, name="Продажи", members=[anna.id])
    await scene.pump()
    assert await offered() == [anna.id]


async def test_a_dialog_busy_while_others_were_drained_is_offered_by_its_next_message() -> None:
    channel = await scene.account()
    await scene.dialog(channel)
    anna = await factories.employee("Анна")
    writing, drained = asyncio.Event(), asyncio.Event()

    async def writes() -> None:
        async with db.transaction():
            await db.execute("SELECT 1 FROM dialog WHERE id = 1 FOR UPDATE")
            writing.set()
            await drained.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(writes())
        await writing.wait()
        await scene.pump()
        assert await offered() == [None]
        drained.set()
    await scene.dialog(channel)
    assert await offered() == [anna.id]


async def test_waiting_unheard_does_not_stir_the_dialog() -> None:
    """Screens made of it stay valid while nothing about it changes."""
    channel = await scene.account()
    await scene.dialog(channel)
    version = await db.fetchval("SELECT version FROM dialog")
    await scene.dialog(channel)
    assert await db.fetchval("SELECT version FROM dialog") == version


def test_handlers_have_names_of_their_own() -> None:
    names: Sequence[str] = [handler.name for handler in draining.HANDLERS]
    assert len(set(names)) == len(names)

"""Journal and pump: every fact to every handler, in order, once; none blocks another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest

from crm_core.kernel import clock, db, memory, pump
from crm_core.kernel.journal import Event, Recorded, emit
from crm_core.kernel.pump import Handler, Pump, revive
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups
from tests.crm_core.kernel.undone import undone
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("opened")


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRang(Event):
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOpened(Event):
    number: int


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    with clock.frozen(clock.now()):
        yield


class Listener:
    """A handler that writes a row per fact, and fails where it is told to."""

    def __init__(self, name: str = "one", *, bad: frozenset[int] = frozenset()) -> None:
        self.name = name
        self.bad = bad
        self.batches: list[int] = []
        self.handler = Handler(name, (BellRang,), self.take)

    async def take(self, recorded: Sequence[Recorded]) -> None:
        for one in recorded:
            assert isinstance(one.event, BellRang)
            await db.execute(
                "INSERT INTO view_memory (view, key, data) VALUES ($1, $2, '{}')",
                self.name,
                str(one.event.number),
            )
            if one.event.number in self.bad:
                message = f"no {one.event.number}"
                raise ValueError(message)
        self.batches.append(len(recorded))

    async def taken(self) -> list[int]:
        rows = await db.fetch("SELECT key FROM view_memory WHERE view = $1 ORDER BY id", self.name)
        return [int(row["key"]) for row in rows]


def bell(number: int) -> BellRang:
    return BellRang(number=number)


def pump_of(*listeners: Listener) -> Pump:
    return Pump([listener.handler for listener in listeners], Wakeups())


async def failures() -> list[tuple[str, int, bool]]:
    rows = await db.fetch("SELECT handler, attempts, dead FROM event_failure ORDER BY id")
    return [(row["handler"], row["attempts"], row["dead"]) for row in rows]


async def test_in_order_once_and_many_together() -> None:
    listener = Listener()
    for start in range(0, 450, 50):
        await emit(*(bell(number) for number in range(start, start + 50)))
    await pump_of(listener).drain()
    assert await listener.taken() == list(range(450))
    assert listener.batches == [200, 200, 50]
    await pump_of(listener).drain()
    assert len(listener.batches) == 3


async def test_columns_and_actor_travel_with_the_fact() -> None:
    seen: list[Recorded] = []

    async def look(recorded: Sequence[Recorded]) -> None:
        seen.extend(recorded)

    await emit(BellRang(number=1, client_id=5, dialog_id=6), actor="employee:3")
    await emit(DoorOpened(number=2))
    await Pump([Handler("look", (BellRang,), look)], Wakeups()).drain()
    (one,) = seen
    assert one.event == BellRang(number=1, client_id=5, dialog_id=6)
    assert one.actor == "employee:3"
    assert one.at == clock.now()


async def test_what_was_undone_is_not_told() -> None:
    async with undone():
        await emit(bell(1))
    listener = Listener()
    await pump_of(listener).drain()
    assert await listener.taken() == []


async def test_a_failing_handler_blocks_nobody() -> None:
    bad, good = Listener("bad", bad=frozenset({3})), Listener("good")
    await emit(*(bell(number) for number in range(6)))
    await pump_of(bad, good).drain()
    assert await good.taken() == [0, 1, 2, 3, 4, 5]
    assert await bad.taken() == [0, 1, 2, 4, 5], "what it wrote for the third is undone"
    assert await failures() == [("bad", 1, False)]
    assert await db.fetchval("SELECT count(*) FROM event WHERE NOT pumped") == 0


async def test_retried_when_due_and_not_before() -> None:
    bad = Listener("bad", bad=frozenset({1}))
    works = pump_of(bad)
    await emit(bell(1))
    await works.drain()
    bad.bad = frozenset()
    assert await works.retry_due() == 0
    clock.advance(timedelta(seconds=3))
    assert await works.retry_due() == 1
    assert await bad.taken() == [1]
    assert await failures() == []


async def test_one_that_fails_again_does_not_hold_up_the_others_due() -> None:
    bad = Listener("bad", bad=frozenset({1, 2}))
    works = pump_of(bad)
    await emit(bell(1), bell(2))
    await works.drain()
    bad.bad = frozenset({1})
    clock.advance(timedelta(seconds=3))
    assert await works.retry_due() == 1
    assert await bad.taken() == [2]
    assert await failures() == [("bad", 2, False)]


async def test_dead_in_the_end_and_alive_again_when_revived() -> None:
    bad = Listener("bad", bad=frozenset({1}))
    works = pump_of(bad)
    await emit(bell(1))
    await works.drain()
    for _ in range(pump.MAX_ATTEMPTS - 1):
        assert (await failures())[0][2] is False
        clock.advance(timedelta(hours=1))
        await works.retry_due()
    assert await failures() == [("bad", pump.MAX_ATTEMPTS, True)]
    clock.advance(timedelta(days=1))
    bad.bad = frozenset()
    assert await works.retry_due() == 0, "the dead stay where they are"
    assert await revive("somebody else") == 0
    assert await revive("bad") == 1
    assert await works.retry_due() == 1
    assert await bad.taken() == [1]


async def test_a_fact_nobody_can_read_any_more_stops_nothing() -> None:
    listener = Listener()
    await emit(bell(1))
    await db.execute(
        "INSERT INTO event (type, at, actor, data) VALUES ('BellRang', now(), 'system', '{}'),"
        " ('NeverHeardOf', now(), 'system', '{}')"
    )
    await emit(bell(2))
    await pump_of(listener).drain()
    assert await listener.taken() == [1, 2]


async def test_work_and_mark_commit_together() -> None:
    listener = Listener()

    async def cut(_recorded: Sequence[Recorded]) -> None:
        await db.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    await emit(bell(1))
    dying = Pump([listener.handler, Handler("cut", (BellRang,), cut)], Wakeups())
    with pytest.raises(db.AWAY):
        await dying.step()
    assert await listener.taken() == []
    await pump_of(listener).drain()
    assert await listener.taken() == [1]


async def test_two_pumps_at_once_hand_out_once() -> None:
    listener = Listener()
    for number in range(60):
        await emit(bell(number))

    async def work() -> None:
        works = pump_of(listener)
        while await db.fetchval("SELECT count(*) FROM event WHERE NOT pumped"):
            await works.step()

    await asyncio.gather(work(), work(), work())
    assert await listener.taken() == list(range(60))


async def test_a_fact_that_commits_late_is_not_passed_by() -> None:
    listener = Listener()
    written, may_commit = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with db.transaction():
            await emit(bell(1))
            written.set()
            await may_commit.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(slow())
        await written.wait()
        await emit(bell(2))
        await pump_of(listener).drain()
        assert await listener.taken() == [2]
        may_commit.set()
    await pump_of(listener).drain()
    assert await listener.taken() == [2, 1]


async def test_a_commit_wakes_the_pump(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump, "POLL", 3600)
    listener, wakeups, services = Listener(), Wakeups(), Supervisor()
    services.start("wakeups", wakeups.run)
    await wakeups.listening.wait()
    services.start("pump", Pump([listener.handler], wakeups).run)
    try:
        for number in range(3):
            await emit(bell(number))
            await eventually(partial(_has, listener, number + 1))
    finally:
        await services.stop()


async def _has(listener: Listener, count: int) -> bool:
    return len(await listener.taken()) == count


async def test_failures_are_retried_even_without_a_quiet_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pump, "POLL", 0.01)
    bad = Listener("bad", bad=frozenset({-1}))
    await emit(bell(-1))
    await pump_of(bad).drain()
    bad.bad = frozenset()
    clock.advance(timedelta(minutes=1))
    busy = Pump([bad.handler], Wakeups())
    numbers = iter(range(1_000_000))

    async def never_idle() -> int:
        await asyncio.sleep(0)
        return next(numbers) + 1

    monkeypatch.setattr(busy, "step", never_idle)
    services = Supervisor()
    services.start("pump", busy.run)
    try:
        await eventually(lambda: _has(bad, 1))
    finally:
        await services.stop()


async def test_memory_of_views() -> None:
    await memory.put("v", "a:1", {"n": 1})
    await memory.put("v", "a:1", {"n": 2})
    await memory.put("v", "a_2", {"n": 3})
    await memory.put("w", "a:1", {"n": 4})
    assert await memory.get("v", "a:1") == {"n": 2}
    assert await memory.find("v", "a:") == {"a:1": {"n": 2}}, "a prefix is no pattern"
    await memory.drop("v", "a:1")
    assert await memory.get("v", "a:1") is None
    assert await memory.get("w", "a:1") == {"n": 4}

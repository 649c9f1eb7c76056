"""Timers: once, whoever runs them; moved, dropped, retried, woken at their moment."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from crm_core.kernel import clock, db, memory, timers
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.timers import Timers, drop_timer, set_timer
from crm_core.kernel.wake import Wakeups
from tests.crm_core.kernel.undone import undone
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("opened")


class Bells:
    """A handler that counts what fired, and fails where it is told to."""

    def __init__(self) -> None:
        self.rung: Counter[str] = Counter()
        self.seen: list[tuple[str, dict[str, Any]]] = []
        self.bad: set[str] = set()

    async def ring(self, key: str, data: dict[str, Any]) -> None:
        await memory.put("rung", key, data)
        if key in self.bad:
            message = f"no {key}"
            raise ValueError(message)
        self.rung[key] += 1
        self.seen.append((key, data))

    def timers(self) -> Timers:
        return Timers({"bell": self.ring}, Wakeups())


async def drain(works: Timers) -> None:
    while await works.step():
        pass


async def test_fires_when_due_with_its_data() -> None:
    bells = Bells()
    works = bells.timers()
    with clock.frozen(clock.now()):
        await set_timer("bell", "a", clock.now() + timedelta(hours=1), number=5)
        await drain(works)
        assert bells.seen == []
        clock.advance(timedelta(hours=1))
        await drain(works)
        assert bells.seen == [("a", {"number": 5})]
        assert await db.fetchval("SELECT count(*) FROM timer") == 0


async def test_once_with_several_instances() -> None:
    bells = Bells()
    for number in range(60):
        await set_timer("bell", str(number), clock.now())
    await asyncio.gather(*(drain(bells.timers()) for _ in range(5)))
    assert bells.rung == Counter({str(number): 1 for number in range(60)})


async def test_moved_and_dropped() -> None:
    bells = Bells()
    works = bells.timers()
    with clock.frozen(clock.now()):
        await set_timer("bell", "moved", clock.now() + timedelta(minutes=1), turn=1)
        await set_timer("bell", "moved", clock.now() + timedelta(hours=1), turn=2)
        await set_timer("bell", "dropped", clock.now() + timedelta(minutes=1))
        await drop_timer("bell", "dropped")
        clock.advance(timedelta(minutes=30))
        await drain(works)
        assert bells.seen == []
        clock.advance(timedelta(minutes=30))
        await drain(works)
        assert bells.seen == [("moved", {"turn": 2})]


async def test_a_failing_one_is_undone_and_retried_later() -> None:
    bells = Bells()
    bells.bad = {"bad"}
    works = bells.timers()
    with clock.frozen(clock.now()):
        for key in ("bad", "good"):
            await set_timer("bell", key, clock.now())
        await drain(works)
        assert bells.rung == Counter({"good": 1})
        assert set(await memory.find("rung", "")) == {"good"}
        row = await db.fetchrow("SELECT attempts, error, due_at > $1 AS later FROM timer", _now())
        assert row is not None
        assert (row["attempts"], row["later"]) == (1, True)
        assert "no bad" in row["error"]
        bells.bad = set()
        clock.advance(timedelta(seconds=2))
        await drain(works)
        assert bells.rung == Counter({"good": 1, "bad": 1})


def _now() -> object:
    return clock.now()


async def test_others_timers_are_left_to_them() -> None:
    await set_timer("stranger", "a", clock.now())
    await drain(Bells().timers())
    assert await db.fetchval("SELECT kind FROM timer") == "stranger"


async def test_a_timer_of_an_undone_transaction_is_not_there() -> None:
    async with undone():
        await set_timer("bell", "a", clock.now())
    assert await db.fetchval("SELECT count(*) FROM timer") == 0


async def test_a_process_that_dies_while_firing_leaves_the_timer() -> None:
    async def dies(_key: str, _data: dict[str, Any]) -> None:
        await db.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    await set_timer("bell", "a", clock.now())
    with pytest.raises(db.AWAY):
        await Timers({"bell": dies}, Wakeups()).step()
    bells = Bells()
    await drain(bells.timers())
    assert bells.rung == Counter({"a": 1})


@asynccontextmanager
async def running(bells: Bells) -> AsyncIterator[None]:
    wakeups, services = Wakeups(), Supervisor()
    services.start("wakeups", wakeups.run)
    await wakeups.listening.wait()
    services.start("timers", Timers({"bell": bells.ring}, wakeups).run)
    try:
        yield
    finally:
        await services.stop()


async def test_woken_at_the_moment_and_not_by_a_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "POLL", 3600.0)
    bells = Bells()
    fired_at: list[Any] = []

    async def ring(key: str, data: dict[str, Any]) -> None:
        fired_at.append(clock.now())
        await Bells.ring(bells, key, data)

    monkeypatch.setattr(bells, "ring", ring)
    async with running(bells):
        await set_timer("bell", "first", clock.now())
        await eventually(lambda: _rung(bells, "first"))
        due = clock.now() + timedelta(hours=1)
        await set_timer("bell", "later", due)
        sooner = clock.now() + timedelta(seconds=0.4)
        await set_timer("bell", "later", sooner)
        await eventually(lambda: _rung(bells, "later"))
        assert fired_at[-1] >= sooner


async def _rung(bells: Bells, key: str) -> bool:
    return bells.rung[key] == 1

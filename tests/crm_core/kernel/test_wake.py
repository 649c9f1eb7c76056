"""Wake-ups: on commit, by topic, and healed when the connection was lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from crm_core.kernel import db, wake
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups, notify
from tests.crm_core.kernel.undone import undone

LISTENERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE 'LISTEN%'
"""


@pytest_asyncio.fixture(loop_scope="session")
async def ear(opened: str) -> AsyncIterator[Wakeups]:
    wakeups, services = Wakeups(), Supervisor()
    services.start("wakeups", wakeups.run)
    await wakeups.listening.wait()
    yield wakeups
    await services.stop()


async def heard(event: asyncio.Event) -> None:
    async with asyncio.timeout(20):
        await event.wait()


async def test_topics_and_data(ear: Wakeups) -> None:
    with ear.event("a", "b") as event, ear.event("c") as other, ear.subscribe("b") as queue:
        await notify("b", "some words")
        await heard(event)
        assert not other.is_set()
        assert queue.get_nowait() == "some words"


async def test_told_on_commit_and_only_then(ear: Wakeups) -> None:
    with ear.event("a") as event, ear.event("fence") as fence:
        async with undone():
            await notify("a")
        async with db.transaction():
            await notify("a")
            async with asyncio.TaskGroup() as group:
                group.create_task(_elsewhere())
                await heard(fence)
            assert not event.is_set()
        await heard(event)


async def _elsewhere() -> None:
    connection = await db.connect()
    await connection.execute("SELECT pg_notify($1, 'fence ')", wake.CHANNEL)
    await connection.close()


async def test_a_lost_connection_heals_and_everybody_looks(ear: Wakeups) -> None:
    with ear.event("a") as event:
        assert await db.fetch(LISTENERS)
        await heard(event)  # whatever was missed meanwhile is looked for
        await asyncio.wait_for(ear.listening.wait(), 20)
        event.clear()
        await notify("a")
        await heard(event)


async def test_a_full_queue_does_not_grow(ear: Wakeups) -> None:
    with ear.subscribe("a", size=2) as queue, ear.event("a") as event, ear.event("end") as end:
        for number in range(5):
            await notify("a", str(number))
        await notify("end")
        await heard(end)
        assert event.is_set()
        assert queue.qsize() == 2


async def test_who_leaves_is_forgotten(ear: Wakeups) -> None:
    with ear.event("a"), ear.subscribe("a"):
        pass
    assert not ear._events
    assert not ear._queues


async def test_waiting_ends_by_time_or_event_and_clears_it() -> None:
    event = asyncio.Event()
    await wake.wait(event, 0.01)
    event.set()
    await wake.wait(event, 3600)
    assert not event.is_set()

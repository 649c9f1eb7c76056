"""Transactions: all or nothing, and no trace of a server that went away in the middle."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

import asyncpg
import pytest

from crm_core.kernel import db, memory
from tests.crm_core.kernel.undone import undone
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("opened")


async def _cut(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


def cut_all_connections(dsn: str) -> None:
    """End every connection while our loop stands still: the pool does not know it yet."""
    thread = threading.Thread(target=lambda: asyncio.run(_cut(dsn)))
    thread.start()
    thread.join()


async def test_all_or_nothing() -> None:
    async with undone():
        await memory.put("v", "k", {"n": 1})
        async with db.transaction():
            await memory.put("v", "inner", {"n": 1})
    assert await memory.find("v", "") == {}
    assert not db.in_force()


async def test_a_savepoint_fails_alone() -> None:
    async with db.transaction():
        await memory.put("v", "kept", {})
        with suppress(asyncpg.DivisionByZeroError):
            async with db.savepoint():
                await memory.put("v", "lost", {})
                await db.execute("SELECT 1 / 0")
        await memory.put("v", "after", {})
    assert set(await memory.find("v", "")) == {"kept", "after"}


async def test_a_savepoint_outside_of_a_transaction_is_one() -> None:
    async with db.savepoint():
        assert db.in_force()
        await memory.put("v", "k", {})
    assert set(await memory.find("v", "")) == {"k"}


async def test_begin_on_a_dead_connection_leaves_the_task_healthy(opened: str) -> None:
    async with db.transaction():
        pass
    cut_all_connections(opened)
    with pytest.raises(db.AWAY):
        async with db.transaction():
            raise AssertionError  # BEGIN itself must fail, or this test proves nothing
    assert not db.in_force()

    async def works() -> bool:
        try:
            async with db.transaction():
                return await db.fetchval("SELECT pg_current_xact_id() IS NOT NULL") is True
        except db.AWAY:
            return False

    # In this same task: a service that is started anew stays in its task.
    await eventually(works, what="a transaction after the cut")


async def test_a_lost_answer_is_away(opened: str) -> None:
    await db.fetchval("SELECT 1")
    cut_all_connections(opened)
    with pytest.raises(db.Away):
        await db.fetchval("SELECT 1")


async def test_cancelled_transactions_give_their_connections_back() -> None:
    async def work() -> None:
        async with db.transaction():
            await db.fetchval("SELECT pg_sleep(0.01)")

    for moment in range(40):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(work())
            for _ in range(moment % 10):
                await asyncio.sleep(0)
            task.cancel()
    async with asyncio.timeout(10):
        assert await asyncio.gather(*(db.fetchval("SELECT 1") for _ in range(12))) == [1] * 12


async def test_who_loses_a_deadlock_begins_again() -> None:
    await memory.put("v", "a", {"n": 0})
    await memory.put("v", "b", {"n": 0})
    attempts: list[str] = []
    meeting = asyncio.Barrier(2)

    async def touch(first: str, second: str) -> None:
        attempts.append(first)
        sql = "UPDATE view_memory SET data = jsonb_build_object('n', (data->>'n')::int + 1)"
        await db.execute(f"{sql} WHERE key = $1", first)
        if len(attempts) <= 2:
            await meeting.wait()
        await db.execute(f"{sql} WHERE key = $1", second)

    await asyncio.gather(
        db.atomically(lambda: touch("a", "b")), db.atomically(lambda: touch("b", "a"))
    )
    assert await memory.find("v", "") == {"a": {"n": 2}, "b": {"n": 2}}
    assert len(attempts) == 3


async def test_inside_a_transaction_nothing_is_repeated() -> None:
    calls = 0

    async def fails() -> None:
        nonlocal calls
        calls += 1
        await db.execute("DO $$ BEGIN RAISE deadlock_detected; END $$")

    with pytest.raises(asyncpg.DeadlockDetectedError):
        async with db.transaction():
            await db.atomically(fails)
    assert calls == 1

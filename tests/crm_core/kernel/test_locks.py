"""Locks between processes: one holder, freed with its connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from crm_core.kernel import db
from crm_core.kernel.locks import Locks
from tests.waiting import eventually

HOLDERS = """
SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database
  WHERE datname = current_database())
"""


@pytest_asyncio.fixture(loop_scope="session")
async def two(opened: str) -> AsyncIterator[tuple[Locks, Locks]]:
    """The locks of two processes."""
    pair = Locks(), Locks()
    yield pair
    for locks in pair:
        await locks.close()


async def test_one_holder(two: tuple[Locks, Locks]) -> None:
    one, other = two
    assert await one.acquire("a")
    assert not await other.acquire("a")
    assert await other.acquire("b")
    await one.release("a")
    assert await other.acquire("a")


async def test_freed_when_the_connection_dies(two: tuple[Locks, Locks]) -> None:
    one, other = two
    assert await one.acquire("a")
    lost = one.lost
    assert await db.fetch(HOLDERS)
    async with asyncio.timeout(20):
        await lost.wait()
    await eventually(lambda: other.acquire("a"))
    assert not await one.acquire("a"), "on a new connection"
    assert lost.is_set()
    assert not one.lost.is_set(), "the new connection is there"


async def test_first_use_by_many_opens_one_connection(two: tuple[Locks, Locks]) -> None:
    one, other = two
    names = [f"n{number}" for number in range(6)]
    assert await asyncio.gather(*(one.acquire(name) for name in names)) == [True] * 6
    await asyncio.gather(*(one.release(name) for name in names))
    assert await asyncio.gather(*(other.acquire(name) for name in names)) == [True] * 6


async def test_a_cancelled_question_leaves_no_lock(two: tuple[Locks, Locks]) -> None:
    one, other = two
    await one.acquire("warm")
    for turns in range(12):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(one.acquire(f"n{turns}"))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
        if task.cancelled():
            assert await other.acquire(f"n{turns}")

"""Two hubs with all roles over one database; one of them is killed under load."""

from __future__ import annotations

import asyncio

import pytest

from crm_core.kernel import db
from tests.faults.company import Company
from tests.faults.hubs import PATIENCE
from tests.faults.load import audit, crowd, quiet, shown_to_managers, talk
from tests.waiting import eventually

pytestmark = pytest.mark.faults

PAIRS, ROUNDS, ANSWERS = 16, 20, 3
MANAGERS = ("Борис", "Вера", "Глеб", "Дина", "Егор", "Жанна", "Зоя")
STORED = "SELECT count(*) FROM message WHERE text LIKE '%слово%'"


async def test_one_of_two_dies_under_load(company: Company) -> None:
    """320 messages of 16 clients: none lost, none doubled, order kept, all before a manager."""
    for name in MANAGERS:
        await company.manager(name)
    first = await company.up()
    second = await company.hubs.start()
    company.at_work(first, second)
    pairs = await crowd(company, PAIRS)

    async def kill_in_the_middle() -> None:
        async def half() -> bool:
            return bool(await db.fetchval(STORED) >= PAIRS * ROUNDS // 4)

        await eventually(half, timeout=PATIENCE, what="a part of the load")
        await first.kill()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(kill_in_the_middle())
        tasks.create_task(talk(pairs, ROUNDS, answers=ANSWERS))
    at_death = await db.fetchval(STORED)
    assert at_death < PAIRS * ROUNDS, "it died too late to prove anything"
    await quiet(company, pairs)
    await audit(pairs)
    assert shown_to_managers(company, pairs) == []
    assert second.running

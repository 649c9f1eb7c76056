"""kill -9 of the embedded PostgreSQL under a working hub: it heals by itself."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio

from app.postgres.orphans import processes_of, read_pid_file
from crm_core.kernel import db
from sandbox.botapi.faults import Where
from tests.faults.company import Company, company_of, received
from tests.faults.hubs import PATIENCE
from tests.faults.load import audit, crowd, pair, quiet, talk
from tests.pg import open_folder
from tests.waiting import eventually

pytestmark = pytest.mark.faults


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def embedded() -> AsyncIterator[Company]:
    """A company whose hub has its own PostgreSQL."""
    with open_folder() as folder:
        async with company_of(None, folder) as found:
            yield found
            assert found.world.violations == []
        for pid in processes_of(data_of(folder)):
            with suppress(ProcessLookupError):  # it may just have gone by itself
                os.kill(pid, signal.SIGKILL)


def data_of(folder: Path) -> Path:
    return folder / "postgres" / "data"


async def kill_postgres(company: Company) -> int:
    """Kill the leader; its number."""
    found = read_pid_file(data_of(company.hubs.folder))
    assert found is not None
    os.kill(found.pid, signal.SIGKILL)
    return found.pid


async def back(company: Company, former: int) -> None:
    """Wait until another server answers."""

    async def look() -> bool:
        with suppress(*db.AWAY):
            found = read_pid_file(data_of(company.hubs.folder))
            return found is not None and found.pid != former and await db.fetchval("SELECT true")
        return False

    await eventually(look, timeout=PATIENCE, what="PostgreSQL to be back")


async def test_a_message_that_comes_while_it_is_dead(embedded: Company) -> None:
    hub = await embedded.up()
    first = await pair(embedded, embedded.polled)
    second = await pair(embedded, embedded.hooked)
    former = await kill_postgres(embedded)
    for one in (first, second):
        one.speak()
        one.answer()
    await back(embedded, former)
    await quiet(embedded, [first, second])
    assert await audit([first, second]) == 0
    assert embedded.hub is hub
    assert hub.running


async def test_dying_while_an_answer_is_on_its_way(embedded: Company) -> None:
    """Telegram's answer is written down once the database is back: the outcome is not unknown."""
    client, dialog, anna = await embedded.talk()
    bot = embedded.polled.bot
    embedded.world.faults.slow(2, Where(bot_id=bot.id, method="sendMessage"))
    message_id = await embedded.answer(anna, dialog, "ответ в пути")
    await embedded.call("sendMessage", bot=bot.id, text="ответ в пути")
    former = await kill_postgres(embedded)
    await back(embedded, former)

    async def told() -> bool:
        with suppress(*db.AWAY):
            return await embedded.statuses(message_id) != ["queued"]
        return False

    await eventually(told, timeout=PATIENCE, what="an outcome")
    assert await embedded.statuses(message_id) == ["sent"]
    assert received(client) == ["ответ в пути"]


async def test_dying_twice_under_load(embedded: Company) -> None:
    for name in ("Борис Орлов", "Вера Крылова", "Глеб Титов"):
        await embedded.manager(name)
    pairs = await crowd(embedded, 6)
    for _ in range(2):
        former = await kill_postgres(embedded)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(talk(pairs, 10, answers=1))
            tasks.create_task(back(embedded, former))
    await quiet(embedded, pairs)
    await audit(pairs)

"""Two hundred visitors of the widget at once, through a real hub."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from aiohttp import ClientSession, ClientTimeout, TCPConnector

from crm_core.dialogs import commands
from crm_core.kernel import db
from tests import factories
from tests.channels.webchat.site import Site, Visitor
from tests.faults.company import Company
from tests.faults.hubs import PATIENCE
from tests.waiting import eventually

pytestmark = pytest.mark.faults

VISITORS = 200
DIALOGS = """
SELECT d.id, m.text FROM dialog d JOIN message m ON m.dialog_id = d.id AND m.direction = 'in'
WHERE d.channel_id = $1
"""


async def test_each_gets_exactly_their_own_answers(company: Company) -> None:
    hub = await company.up()
    number = await factories.channel("webchat", "Сайт", ip_per_minute=100_000)
    anna = company.managers[0]
    connector = TCPConnector(limit=0)
    async with ClientSession(connector=connector, timeout=ClientTimeout(total=None)) as http:
        site = Site(hub.url, number, cast("Any", None), http, anna)
        await _served(site)
        visitors = await _all(site.visitor() for _ in range(VISITORS))
        async with asyncio.timeout(2 * PATIENCE), asyncio.TaskGroup() as tasks:
            listening = [tasks.create_task(_hear(visitor, 3)) for visitor in visitors]
            await _all(_write(visitor, n) for n, visitor in enumerate(visitors))
            await _all(_answer(company, row) for row in await _dialogs(number))
    for n, task in enumerate(listening):
        assert task.result() == [f"вопрос {n}", f"ответ на: вопрос {n}", f"ещё на: вопрос {n}"]


async def _all(jobs: Any) -> list[Any]:
    """Side by side."""
    async with asyncio.TaskGroup() as tasks:
        made = [tasks.create_task(job) for job in jobs]
    return [one.result() for one in made]


async def _served(site: Site) -> None:
    async def look() -> bool:
        async with site.http.post(site.at("session"), json={"token": ""}) as answer:
            return answer.status == 200

    await eventually(look, timeout=PATIENCE, what="the widget to be served")


async def _write(visitor: Visitor, number: int) -> None:
    said = await visitor.write(f"вопрос {number}")
    assert said["id"]


async def _dialogs(channel: int) -> list[db.Row]:
    async def look() -> list[db.Row] | None:
        rows = await db.fetch(DIALOGS, channel)
        return rows if len(rows) == VISITORS else None

    found = await eventually(look, timeout=PATIENCE, what=f"{VISITORS} dialogs")
    assert found is not None
    return found


async def _answer(company: Company, row: db.Row) -> None:
    anna = company.managers[0]
    await commands.accept(anna, dialog_id=row["id"])
    await company.answer(anna, row["id"], f"ответ на: {row['text']}")
    await company.answer(anna, row["id"], f"ещё на: {row['text']}")


async def _hear(visitor: Visitor, count: int) -> list[str]:
    """The texts of a stream, each message once, until so many have come."""
    found: dict[int, str] = {}
    async for name, data in visitor.events():
        if name == "message":
            found[data["id"]] = data["text"]
        if len(found) >= count:
            break
    return list(found.values())

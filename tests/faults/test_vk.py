"""kill -9 beside a VK community: nothing is lost, and nothing arrives twice, retries included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from crm_core.dialogs import commands, replies
from crm_core.kernel import db
from sandbox.vk import Actor, Config, Server, World
from tests import factories
from tests.faults.company import Company
from tests.faults.hubs import PATIENCE
from tests.waiting import eventually

pytestmark = pytest.mark.faults
TOKEN = "vk1.a.sandbox-community-not-a-secret"


@dataclass(frozen=True, slots=True)
class Vk:
    world: World
    anna: Actor

    def said(self) -> list[str]:
        return [one.text for one in self.anna.received()]


@pytest_asyncio.fixture(loop_scope="session")
async def vk(company: Company) -> AsyncIterator[Vk]:
    """A community whose Callback server is the hub."""
    world = World(config=Config(callback_pauses=(0.2,) * 600))
    group = world.add_group(TOKEN, "Ромашки")
    async with Server(world) as url:
        await factories.channel("vk", "Ромашки", token=TOKEN, group_id=group.id, api_url=url)
        await company.up()
        await world.wait_for(
            lambda: group.servers and group.servers[0].status == "ok" and group.servers[0].events,
            PATIENCE,
        )
        yield Vk(world, world.actor(world.add_user("Анна", "Смирнова"), group))
    assert world.violations == []


async def texts(chat: str) -> list[str]:
    rows = await db.fetch(
        "SELECT m.text FROM message m JOIN dialog d ON d.id = m.dialog_id"
        " WHERE d.chat = $1 AND m.direction = 'in' ORDER BY m.at, m.id",
        chat,
    )
    return [row["text"] for row in rows]


async def test_killed_while_events_come_and_an_answer_leaves(company: Company, vk: Vk) -> None:
    chat = str(vk.anna.user.id)
    vk.anna.text("Есть розы?")

    async def offered() -> db.Row | None:
        sql = "SELECT id FROM dialog WHERE chat = $1 AND offered_to_id IS NOT NULL"
        return await db.fetchrow(sql, chat)

    dialog = await eventually(offered, timeout=PATIENCE, what="an offer")
    assert dialog is not None
    manager = company.managers[0]
    await commands.accept(manager, dialog_id=dialog["id"])
    vk.world.faults.hang(after=True)
    message_id = await company.answer(manager, dialog["id"], "Есть")
    await vk.world.wait_for(lambda: vk.said() == ["Есть"], PATIENCE)
    await company.crash()
    words = [f"пока лежит {number}" for number in range(5)]
    for text in words:
        vk.anna.text(text)
    await company.up()

    async def all_there() -> bool:
        return len(await texts(chat)) >= 6

    await eventually(all_there, timeout=PATIENCE, what="what was said meanwhile")
    await company.settled()
    assert await texts(chat) == ["Есть розы?", *words]
    if await company.statuses(message_id) == ["unknown"]:
        await replies.retry(manager, message_id=message_id)
    await company.settled()
    assert await company.statuses(message_id) == ["sent"]
    assert vk.said() == ["Есть"], "VK knows the part by its random_id"
    mirrored = "SELECT count(*) FROM event WHERE type = 'ReplyMirrored'"
    assert await db.fetchval(mirrored) == 0

"""Whatever people do in whatever order, counters tell the truth and nobody is asked too much."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import pytest

from crm_core.dialogs import commands
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Role
from crm_core.kernel.errors import CrmError
from crm_core.staff import commands as staff
from routing import assignment
from tests import factories, scene

pytestmark = pytest.mark.usefixtures("opened")

CHATS = 12


class Walk:
    """One random order of deeds, the same for the same seed."""

    def __init__(self, seed: int, channel: int, people: list[Actor]) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a walk, no secret
        self.channel = channel
        self.people = people

    async def step(self) -> None:
        deeds = (
            *(self.write,) * 4,
            *(self.accept,) * 4,
            self.decline,
            self.transfer,
            self.hand_to_queue,
            self.snooze,
            self.close,
            self.presence,
            self.lapse,
        )
        with suppress(CrmError):
            await self.random.choice(deeds)()

    async def write(self) -> None:
        await scene.dialog(self.channel, f"c{self.random.randrange(CHATS)}")

    async def accept(self) -> None:
        actor, dialog_id = await self._pick("state = 'waiting'")
        await commands.accept(actor, dialog_id=dialog_id)

    async def decline(self) -> None:
        actor, dialog_id = await self._pick("offered_to_id IS NOT NULL")
        await commands.decline(actor, dialog_id=dialog_id)

    async def transfer(self) -> None:
        actor, dialog_id = await self._pick("state = 'open'")
        target = self.random.choice(self.people).id
        await commands.transfer(actor, dialog_id=dialog_id, employee_id=target)

    async def hand_to_queue(self) -> None:
        actor, dialog_id = await self._pick("state = 'open'")
        await commands.transfer(actor, dialog_id=dialog_id, queue_id=1)

    async def snooze(self) -> None:
        actor, dialog_id = await self._pick("state = 'open'")
        await commands.snooze(actor, dialog_id=dialog_id)

    async def close(self) -> None:
        actor, dialog_id = await self._pick("state <> 'closed'")
        await commands.close(actor, dialog_id=dialog_id)

    async def presence(self) -> None:
        actor = self.random.choice(self.people)
        await staff.set_presence(actor, presence=self.random.choice(["on", "on", "away", "off"]))

    async def lapse(self) -> None:
        _, dialog_id = await self._pick("offered_to_id IS NOT NULL")
        async with db.transaction():
            await assignment.lapse(str(dialog_id), {})

    async def _pick(self, where: str) -> tuple[Actor, int]:
        rows = await db.fetch(f"SELECT id, assignee_id, offered_to_id FROM dialog WHERE {where}")
        if not rows:
            message = "nothing to do"
            raise CrmError(message)
        row = self.random.choice(rows)
        concerned = {row["assignee_id"], row["offered_to_id"]}
        actors = [one for one in self.people if one.id in concerned] or self.people
        return self.random.choice(actors), row["id"]


async def people() -> list[Actor]:
    names = [f"Сотрудник {number}" for number in range(4)]
    found = [await factories.employee(name, capacity=3) for name in names]
    return [*found, await factories.employee("Глава", role=Role.HEAD, presence="off")]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("strategy", ["least_loaded", "everyone"])
async def test_after_any_walk_the_counters_are_true(seed: int, strategy: staff.Strategy) -> None:
    channel = await scene.account(strategy=strategy)
    walk = Walk(seed, channel, await people())
    for number in range(60):
        await walk.step()
        if number % 7 == 0:
            await scene.pump()
        await scene.require_true_loads()


@pytest.mark.parametrize("seed", range(3))
async def test_walkers_side_by_side(seed: int) -> None:
    channel = await scene.account()
    crowd = await people()
    walks = [Walk(seed * 100 + number, channel, crowd) for number in range(5)]

    async def walk(one: Walk) -> None:
        for _ in range(25):
            await one.step()

    async def pump() -> None:
        for _ in range(12):
            await scene.pump()

    await asyncio.gather(*(walk(one) for one in walks), pump())
    await scene.pump()
    await scene.require_true_loads()
    live = "SELECT count(*) FROM dialog WHERE state <> 'closed' GROUP BY chat"
    assert {row["count"] for row in await db.fetch(live)} <= {1}

"""kill -9 at each step between a client's message and its confirmation to the provider."""

from __future__ import annotations

import pytest

from crm_core.kernel import db
from sandbox.botapi.faults import Where
from tests.faults.company import Company, Shop
from tests.faults.gates import gate, writes_to
from tests.faults.hubs import PATIENCE
from tests.waiting import eventually

pytestmark = pytest.mark.faults

MODES = ("polled", "hooked")
STEPS = (
    ("raw_event", "INSERT INTO raw_event"),
    ("message_ref", "INSERT INTO message_ref"),
    ("dialog", "INSERT INTO dialog"),
    ("event", "INSERT INTO event"),
)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("table", "statement"), STEPS)
async def test_killed_while_storing(
    company: Company, mode: str, table: str, statement: str
) -> None:
    """Nothing half-stored stays, and the provider gives the message again."""
    await company.up()
    client = company.client(getattr(company, mode))
    async with gate(writes_to(table)) as door:
        client.text(f"до записи в {table}, {mode}")
        await door.reached(statement)
        await company.crash()
        await door.turn_away()
    assert await company.stored(client) == []
    await company.up()
    await company.arrived(client, [f"до записи в {table}, {mode}"])
    assert len(company.notices(f"до записи в {table}, {mode}")) == 1


async def test_killed_between_storing_and_confirming_by_polling(company: Company) -> None:
    """The next request for updates never arrives: Telegram gives the stored ones once more."""
    await company.up()
    client, bot = company.client(company.polled), company.polled.bot
    company.world.faults.hang(Where(bot_id=bot.id, method="getUpdates"))
    client.text("сохранено, не подтверждено")
    await _shown(company, "сохранено, не подтверждено")
    number = company.world.queues[bot.id].pending()[-1].id
    await company.crash()
    assert await _given(company, company.polled, number) == 1
    await company.up()
    await company.arrived(client, ["сохранено, не подтверждено"])
    assert await _given(company, company.polled, number) == 2
    assert len(company.notices("сохранено, не подтверждено")) == 1


async def _given(company: Company, shop: Shop, number: int) -> int:
    """How often an update was handed out."""
    return sum(
        update["update_id"] == number
        for call in company.world.calls.of("getUpdates")
        if call.bot_id == shop.bot.id and call.outcome == "ok"
        for update in call.result
    )


async def test_killed_between_storing_and_confirming_by_webhook(company: Company) -> None:
    """The hub's 200 is lost with the hub: Telegram calls again."""
    await company.up()
    client, bot = company.client(company.hooked), company.hooked.bot
    company.relay.mute = True
    client.text("сохранено, 200 потеряно")
    await _shown(company, "сохранено, 200 потеряно")
    number = company.world.queues[bot.id].pending()[-1].id
    await company.crash()
    company.relay.mute = False
    await company.up()
    await company.arrived(client, ["сохранено, 200 потеряно"])
    deliveries = company.world.webhooks[bot.id].deliveries
    statuses = [each.status for each in deliveries if each.update_id == number]
    assert statuses[0] == 0
    assert statuses[-1] == 200
    assert len(company.notices("сохранено, 200 потеряно")) == 1


async def _shown(company: Company, text: str) -> None:
    """Stored, and before its manager."""

    async def look() -> bool:
        return bool(company.notices(text)) and not await db.fetchval(UNSENT)

    await eventually(look, timeout=PATIENCE, what=f"a notice of {text!r}")


UNSENT = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')"


@pytest.mark.parametrize("mode", MODES)
async def test_messages_written_while_no_hub_runs(company: Company, mode: str) -> None:
    """All of them come, in the order they were written."""
    await company.up()
    client = company.client(getattr(company, mode))
    client.text("первое")
    await company.arrived(client, ["первое"])
    await company.crash()
    texts = ["первое", *(f"сообщение {number}, {mode}" for number in range(8))]
    for text in texts[1:]:
        client.text(text)
    await company.up()
    await company.arrived(client, texts)

"""kill -9 between a stored message and the notice before its manager."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from crm_core.kernel import db
from crm_core.kernel.pump import PUMP_LOCK
from sandbox.botapi.faults import Where
from tests.faults.company import Company
from tests.faults.gates import Gate, gate, writes_to
from tests.faults.hubs import PATIENCE
from tests.waiting import eventually

pytestmark = pytest.mark.faults

Kill = Callable[[Company, Gate], Awaitable[None]]

NO_PUMP = f"SELECT pg_advisory_xact_lock({PUMP_LOCK})"
FACTS = "SELECT 1 FROM event WHERE NOT pumped FOR UPDATE"
WAITING_FACTS = "SELECT count(*) FROM event WHERE NOT pumped AND type = 'DialogOffered'"


async def stored_unpumped(company: Company) -> None:
    """Wait until the message is confirmed and its facts lie in the journal."""

    async def look() -> bool:
        confirmed = not any(queue.pending() for queue in company.world.queues.values())
        return confirmed and bool(await db.fetchval(WAITING_FACTS))

    await eventually(look, timeout=PATIENCE, what="confirmed facts")


async def killed_before_the_pump(company: Company, door: Gate) -> None:
    await stored_unpumped(company)
    await company.crash()


async def killed_in_a_handler(company: Company, door: Gate) -> None:
    """Some handlers have written their rows; none of it is committed."""
    await stored_unpumped(company)
    async with gate(writes_to("outbox")) as inner:
        await door.connection.execute("ROLLBACK")
        await inner.reached("INSERT INTO outbox")
        await company.crash()
        await inner.turn_away()


async def killed_before_the_mark(company: Company, door: Gate) -> None:
    """All handlers are done; the facts are not marked yet."""
    await stored_unpumped(company)
    async with gate(FACTS) as inner:
        await door.connection.execute("ROLLBACK")
        await inner.reached("UPDATE event SET pumped")
        await company.crash()
        await inner.turn_away()


@pytest.mark.parametrize(
    "kill", [killed_before_the_pump, killed_in_a_handler, killed_before_the_mark]
)
async def test_one_notice(company: Company, kill: Kill, request: pytest.FixtureRequest) -> None:
    """The manager is told, and told once."""
    await company.up()
    client, text = company.client(), f"дошло ли: {request.node.name}"
    async with gate(NO_PUMP) as door:
        client.text(text)
        await kill(company, door)
    assert company.notices(text) == []
    await company.up()
    await company.arrived(client, [text])
    assert len(company.notices(text)) == 1


@pytest.mark.parametrize("after", [False, True], ids=["not taken", "taken"])
async def test_killed_while_a_notice_is_being_sent(company: Company, after: bool) -> None:
    """Nobody knows whether it arrived: a notice is sent again rather than lost."""
    await company.up()
    client, text = company.client(), f"карточка в пути: {after}"
    company.world.faults.hang(Where(bot_id=company.desk.id, method="sendMessage"), after=after)
    client.text(text)
    await company.call("sendMessage", bot=company.desk.id)
    await company.crash()
    await company.up()
    await company.arrived(client, [text])
    phone = await company.phone(company.managers[0])
    shown = [one for one in phone.received() if text in one.text]
    assert len(company.notices(text)) == 2
    assert len(shown) == 1 + after
    press = phone.press("✅ Принять", shown[-1])
    assert "Диалог ваш" in (await press.answer(timeout=PATIENCE))["text"]

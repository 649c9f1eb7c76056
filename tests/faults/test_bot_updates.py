"""kill -9 between a manager's press (or words) and what follows from it: once, in the end."""

from __future__ import annotations

import pytest

from crm_core.kernel import db
from tests.faults.company import Company, received
from tests.faults.gates import gate, writes_to
from tests.faults.hubs import PATIENCE
from tests.waiting import eventually

pytestmark = pytest.mark.faults

OF_BOT = "SELECT id, state FROM raw_event WHERE channel_id = 0 ORDER BY id DESC LIMIT 1"
HOLD_UPDATE = "SELECT 1 FROM raw_event WHERE channel_id = 0 AND state = 'new' FOR UPDATE"
ACCEPTED = "SELECT count(*) FROM event WHERE type = 'DialogAccepted' AND dialog_id = $1"


async def test_a_press_that_was_stored_but_not_handled(company: Company) -> None:
    await company.up()
    client = company.client()
    client.text("нажатие до обработки")
    dialog = await company.dialog(client)
    await company.settled()
    phone = await company.phone(company.managers[0])
    async with gate(writes_to("command_key")) as door:
        phone.press("✅ Принять")
        await door.reached("INSERT INTO command_key")
        await company.crash()
        await door.turn_away()
    update = await db.fetchrow(OF_BOT)
    assert update is not None
    assert update["state"] == "new"
    assert await db.fetchval(ACCEPTED, dialog["id"]) == 0
    await company.up()
    await company.settled()
    assert await db.fetchval(ACCEPTED, dialog["id"]) == 1
    assert await db.fetchval("SELECT state FROM dialog WHERE id = $1", dialog["id"]) == "open"


async def test_an_answer_that_was_handled_but_not_marked(company: Company) -> None:
    """The update is handled again, and the client gets the answer once."""
    client, dialog, anna = await company.talk()
    phone = await company.phone(anna)
    card = next(one for one in reversed(phone.received()) if client.user.first_name in one.text)
    async with gate() as mark:
        async with gate(writes_to("command_key")) as door:
            phone.text("ответ один раз", reply_to=card)
            await door.reached("INSERT INTO command_key")
            await mark.hold(HOLD_UPDATE)
        await mark.reached("UPDATE raw_event SET state")
        await phone.wait(lambda: received(client) == ["ответ один раз"], PATIENCE)
        await company.crash()
        await mark.turn_away()
    update = await db.fetchrow(OF_BOT)
    assert update is not None
    assert update["state"] == "new"
    await company.up()
    await company.settled()
    assert await db.fetchval("SELECT state FROM raw_event WHERE id = $1", update["id"]) == "done"
    assert received(client) == ["ответ один раз"]
    sql = "SELECT count(*) FROM message WHERE dialog_id = $1 AND direction = 'out'"
    assert await db.fetchval(sql, dialog) == 1


async def test_an_answer_written_while_no_hub_runs(company: Company) -> None:
    client, _dialog, anna = await company.talk()
    phone = await company.phone(anna)
    card = next(one for one in reversed(phone.received()) if client.user.first_name in one.text)
    await company.crash()
    phone.text("ответ в тишину", reply_to=card)
    await company.up()
    await phone.wait(lambda: received(client) == ["ответ в тишину"], PATIENCE)
    await company.settled()


async def test_handled_after_the_database_was_away_in_the_middle(company: Company) -> None:
    """The hub lives on; only its sessions were cut while an update was being handled."""
    client, _dialog, anna = await company.talk()
    phone = await company.phone(anna)
    card = next(one for one in reversed(phone.received()) if client.user.first_name in one.text)
    async with gate(writes_to("command_key")) as door:
        phone.text("связь с базой оборвалась", reply_to=card)
        await door.reached("INSERT INTO command_key")
        await door.turn_away()

    async def arrived() -> bool:
        return received(client) == ["связь с базой оборвалась"]

    await eventually(arrived, timeout=PATIENCE, what="the answer at the client's")
    await company.settled()
    assert received(client) == ["связь с базой оборвалась"]

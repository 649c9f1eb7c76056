"""What was changed on a card is taken back from the card."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_core.clients import commands as clients
from crm_core.clients.queries import card as card_of_client
from crm_core.clients.rules import ContactKind
from crm_core.kernel import commands, db
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.kernel.errors import Conflict, Forbidden, Invalid
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from tests import factories
from tests.bot.clients.scenes import card_of, press
from tests.bot.requests.scenes import arrives, kept
from tests.bot.rig import Rig, labels, ru

UNDO = "↩️ Отменить изменение"


async def _card(rig: Rig, anna: Person, client_id: int) -> Message:
    actor = await rig.actor(anna)
    await clients.set_manager(actor, client_id=client_id, manager_id=actor.id)
    return await card_of(anna, "Пётр Иванов")


async def test_every_change_of_a_clients_card_can_be_taken_back(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    actor = await rig.actor(anna)
    one = (await clients.create(actor, name="Пётр Иванов", phone="+79123456789")).client_id
    other = (await clients.create(actor, name="Пётр И.")).client_id
    before = await card_of_client(SYSTEM, one)
    await clients.rename(actor, client_id=one, name="Ошибка")
    await clients.add_contact(actor, client_id=one, kind=ContactKind.EMAIL, value="p@example.com")
    await clients.remove_contact(actor, client_id=one, contact_id=before.contacts[0].id)
    await clients.note(actor, client_id=one, text="Не туда")
    await commands.run(actor, "client.merge", {"kept_id": one, "gone_id": other})
    card = await card_of(anna, "Ошибка")
    for _change in range(5):
        await press(anna, UNDO, card)
        answer = await press(anna, labels(card)[0], card)
        assert answer["text"] == "✓ Отменено."
    after = await card_of_client(SYSTEM, one)
    assert after.name == before.name
    assert [(c.kind, c.value) for c in after.contacts] == [("phone", "+79123456789")]
    assert not after.notes
    assert not after.merges
    assert (await card_of_client(SYSTEM, other)).id == other


async def test_the_list_says_what_and_when_and_leads_back(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    actor = await rig.actor(anna)
    one = (await clients.create(actor, name="Петр")).client_id
    await clients.rename(actor, client_id=one, name="Пётр Иванов")
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, UNDO, card)
    assert "в течение 15 минут" in card.text
    assert "Переименовано: Петр → Пётр Иванов" in card.text
    await press(anna, "← Назад", card)
    await press(anna, UNDO, card)
    assert "→ Пётр Иванов" in card.text


async def test_after_a_quarter_of_an_hour_it_stays(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    actor = await rig.actor(anna)
    one = (await clients.create(actor, name="Петр")).client_id
    await clients.rename(actor, client_id=one, name="Пётр Иванов")
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, UNDO, card)
    await db.execute("UPDATE event SET at = at - $1::interval", timedelta(minutes=16))
    answer = await press(anna, labels(card)[0], card)
    assert answer["text"] == ru("It is more than 15 minutes ago: change it on the card.")
    assert (await card_of_client(SYSTEM, one)).name == "Пётр Иванов"


async def test_only_its_author_or_a_head_and_only_once(rig: Rig) -> None:
    actor, other = await factories.employee(), await factories.employee()
    head = await factories.employee(role=Role.HEAD)
    one = (await clients.create(actor, name="Петр")).client_id
    await clients.rename(actor, client_id=one, name="Пётр")
    event = await db.fetchval("SELECT max(id) FROM event WHERE type = 'ClientRenamed'")
    with pytest.raises(Forbidden):
        await commands.run(other, "undo.take_back", {"event_id": event})
    await commands.run(head, "undo.take_back", {"event_id": event})
    with pytest.raises(Conflict, match="already"):
        await commands.run(actor, "undo.take_back", {"event_id": event})
    made = await db.fetchval("SELECT max(id) FROM event WHERE type = 'ClientCreated'")
    with pytest.raises(Invalid):
        await commands.run(actor, "undo.take_back", {"event_id": made})
    assert (await card_of_client(SYSTEM, one)).name == "Петр"


async def test_what_was_changed_once_more_is_left_alone(rig: Rig) -> None:
    actor, other = await factories.employee(), await factories.employee()
    one = (await clients.create(actor, name="Петр")).client_id
    await clients.rename(actor, client_id=one, name="Пётр")
    event = await db.fetchval("SELECT max(id) FROM event WHERE type = 'ClientRenamed'")
    await clients.rename(other, client_id=one, name="Пётр Петрович")
    with pytest.raises(Conflict, match="once more"):
        await commands.run(actor, "undo.take_back", {"event_id": event})
    assert (await card_of_client(SYSTEM, one)).name == "Пётр Петрович"
    assert not await db.fetchval("SELECT count(*) FROM undone")


async def test_a_request_rejected_by_mistake_is_in_work_again(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    card = await arrives(anna)
    await press(anna, "✅ Принять", card)
    await press(anna, "✖️ Отклонить", card)
    await press(anna, "Спам", card)
    assert (await kept(rig))["state"] == "rejected"
    await press(anna, UNDO, card)
    await press(anna, labels(card)[0], card)
    found = await kept(rig)
    assert (found["state"], found["rejected_for"], found["closed_at"]) == ("accepted", None, None)
    assert "✖️ Отклонить" in labels(card)
    load = "SELECT load FROM employee WHERE id = $1"
    assert await db.fetchval(load, found["responsible_id"]) == 1


async def test_what_has_left_the_house_is_named(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    card = await arrives(anna)
    await press(anna, "✅ Принять", card)
    boris = await rig.employee("Борис")
    to = (await rig.actor(boris)).id
    found = await kept(rig)
    actor = await rig.actor(anna)
    await commands.run(actor, "request.hand_over", {"request_id": found["id"], "employee_id": to})
    theirs = await boris.wait_text("Олег Петров")
    await rig.settled()
    await press(anna, UNDO, card)
    answer = await press(anna, labels(card)[0], card)
    assert answer["text"] == "✓ Отменено. Заявку уже видели: Борис."
    assert (await kept(rig))["responsible_id"] == actor.id
    assert "✔️ Готово" not in labels(theirs)

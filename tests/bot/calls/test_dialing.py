"""Calling out by one press, tied to the card it was pressed on; `/call` with numbers and names."""

from __future__ import annotations

from crm_core.clients import commands as clients
from crm_core.clients.rules import ContactKind
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from tests.bot.calls.scenes import (
    NUMBER,
    SHOWN,
    client,
    incoming,
    orders,
    outgoing,
    pbx,
    phone,
)
from tests.bot.clients.scenes import card_of, press, row
from tests.bot.rig import Rig, labels, ru

RINGS = "Сейчас зазвонит ваш телефон"


async def test_number_on_the_clients_card(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await pbx()
    one = await client(manager=(await rig.actor(anna)).id)
    card = await card_of(anna, "Пётр Иванов")
    assert len(labels(card)) <= 8
    answer = await press(anna, "📞 Позвонить", card)
    assert answer["text"].startswith(RINGS)
    [(verb, data)] = await orders()
    assert (verb, data["number"], data["extension"]) == ("dial", NUMBER, "101")
    assert (data["client_id"], data["origin"]) == (one, {"kind": "client", "id": one})


async def test_each_number_among_the_contacts_calls_itself(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await pbx()
    one = await client(manager=(await rig.actor(anna)).id)
    await clients.add_contact(SYSTEM, client_id=one, kind=ContactKind.PHONE, value="+74950011234")
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, "📇 Контакты", card)
    assert len(labels(card)) <= 8
    await press(anna, "📞 +7 495 001-12-34", card)
    await press(anna, f"📞 {SHOWN}", card)
    await press(anna, "← Назад", card)
    await press(anna, "📞 Позвонить", card)
    assert "На какой номер?" in card.text
    await press(anna, "📞 +7 495 001-12-34", card)
    await press(anna, "← Назад", card)
    assert card.text.startswith("👤 ⚪ Пётр Иванов")
    assert [data["number"] for _, data in await orders()] == [
        "+74950011234",
        NUMBER,
        "+74950011234",
    ]


async def test_command_with_a_number_finds_whose_it_is(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await pbx()
    one = await client()
    anna.text("/call 8 (916) 123-45-67")
    await anna.wait_text(RINGS)
    anna.text("/call 84950011234")
    await rig.settled()
    assert [(data["number"], data["client_id"]) for _, data in await orders()] == [
        (NUMBER, one),
        ("+74950011234", None),
    ]


async def test_command_with_a_name_lets_choose_and_bare_it_asks(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await pbx()
    one = await client()
    await clients.create(SYSTEM, name="Пётр Безтелефонный")
    anna.text("/call")
    await anna.wait_text(ru("Whom do you want to call? Write a number or a name."))
    anna.text("Пётр")
    found = await anna.wait_text("🔎 Пётр")
    assert sum("Пётр" in label for label in labels(found)) == 1
    await press(anna, row(found, "Пётр Иванов"), found)
    [(_, data)] = await orders()
    assert data["client_id"] == one
    anna.text("/call Никтошкин")
    await anna.wait_text(ru("Nobody with a phone number was found."))


async def test_who_called_in_vain_is_called_back_from_the_request(rig: Rig) -> None:
    """The missed call is a request; its button calls, and speaking with them closes it."""
    anna = await phone(rig, "Анна", "101")
    line = await incoming("101")
    await line.hang_up()
    await rig.settled()
    await anna.wait_text("Пропущенный звонок")
    offer = next(one for one in anna.received() if "📞 Позвонить" in labels(one))
    await press(anna, "📞 Позвонить", offer)
    [(verb, data)] = await orders()
    request = await db.fetchrow("SELECT * FROM request")
    assert request is not None
    assert (verb, data["number"]) == ("dial", NUMBER)
    assert data["origin"] == {"kind": "request", "id": request["id"]}
    back = await outgoing("101")
    await back.answer("101")
    await rig.settled()
    assert await db.fetchval("SELECT state FROM request") == "done"
    assert "📞 Позвонить" not in labels(offer)


async def test_nothing_to_call_with(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await client(manager=(await rig.actor(anna)).id)
    card = await card_of(anna, "Пётр Иванов")
    answer = await press(anna, "📞 Позвонить", card)
    assert answer["show_alert"]
    assert await db.fetchval("SELECT count(*) FROM call_order") == 0

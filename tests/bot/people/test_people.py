"""People of companies through the bot: adding, positions, the main one, requisites, labels."""

from __future__ import annotations

import pytest

from crm_core.clients import commands as clients
from crm_core.clients import linking
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Right
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.press import press_data
from sandbox.botapi.state import Message
from tests.bot.clients.scenes import card_of, press, row
from tests.bot.people.scenes import LINDEN, OLGA, company, linked
from tests.bot.rig import Rig, labels, ru


async def asked(person: Person, text: str, answer: str) -> Message:
    """Write what a form asks for; the message that answers it."""
    wrote = person.text(text)

    def newer() -> list[Message]:
        return [one for one in person.received() if one.id > wrote.id and answer in one.text]

    await person.wait(lambda: bool(newer()))
    return newer()[-1]


async def test_a_new_person_in_one_line_then_the_position(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await company(await rig.actor(anna))
    card = await card_of(anna, LINDEN)
    assert len(labels(card)) <= 8
    await press(anna, "👥 Люди", card)
    assert "Контактных лиц пока нет" in card.text
    await press(anna, "➕ Добавить человека", card)
    made = await asked(anna, f"{OLGA} 8 912 345-67-89", "Кем работает в компании?")
    await press(anna, "Закупщик", made)
    assert made.text.split("\n")[:2] == [f"👤 {OLGA} · 🏢 {LINDEN}", "Закупщик"]
    await press(anna, "⭐ Сделать главным", made)
    assert "⭐ Главный контакт компании" in made.text
    assert "📞 +7 912 345-67-89" in made.text
    await press(anna, "← Назад", made)
    assert f"⭐ {OLGA} · Закупщик · +7 912 345-67-89" in made.text
    await press(anna, "← Назад", made)
    assert f"👥 1 контактное лицо · ⭐ {OLGA}" in made.text
    assert "👥 Люди 1" in labels(made)
    await press(anna, "📜 Лента", made)
    assert f"Добавлено контактное лицо: {OLGA}" in made.text
    assert f"Главный контакт: {OLGA}" in made.text


async def test_somebody_known_is_found_and_offered(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    actor = await rig.actor(anna)
    await company(actor)
    known = await clients.create(actor, name=OLGA, phone="+79123456789")
    card = await card_of(anna, LINDEN)
    await press(anna, "👥 Люди", card)
    await press(anna, "➕ Добавить человека", card)
    await asked(
        anna,
        "8 999 888-77-66",
        ru("Nobody is found by this. Write the name as well: I make a new card."),
    )
    choice = await asked(anna, "Ольга Ким", "Возможно, это кто-то из них:")
    assert "➕ Новая карточка: Ольга Ким" in labels(choice)
    await press(anna, row(choice, "👤 Ольга Ким"), choice)
    await press(anna, "✏️ Другое", choice)
    told = await asked(anna, "Начальник  склада", "Начальник склада")
    assert told.text.startswith(f"👤 {OLGA} · 🏢 {LINDEN}")
    assert await db.fetchval("SELECT person_id FROM client_link") == known.client_id
    assert await db.fetchval("SELECT count(*) FROM client") == 2


async def test_from_the_person_to_companies_and_back(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    actor = await rig.actor(anna)
    linden = await company(actor)
    await clients.create(actor, name=OLGA, phone="+79123456789")
    card = await card_of(anna, OLGA)
    assert not any("Компании" in label for label in labels(card)), "eight buttons are enough"
    await press(anna, "🏢 Компании", card)
    await press(anna, "➕ Добавить компанию", card)
    choice = await asked(anna, "липа", "Возможно, это кто-то из них:")
    await press(anna, row(choice, f"🏢 {LINDEN}"), choice)
    await press(anna, "Директор", choice)
    await press(anna, "🏢 Компания", choice)
    assert choice.text.startswith(f"🏢 ⚪ {LINDEN}")
    await press(anna, "← Назад", choice)
    assert choice.text.startswith(f"👥 👤 {OLGA}")
    await press(anna, "← Назад", choice)
    assert f"🏢 {LINDEN} · Директор" in choice.text
    assert len(choice.text.split("\n")) <= 12
    assert len(labels(choice)) <= 8
    assert await db.fetchval("SELECT company_id FROM client_link") == linden


async def test_a_new_company_of_a_person(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await clients.create(await rig.actor(anna), name=OLGA)
    card = await card_of(anna, OLGA)
    await press(anna, "🏢 Компании", card)
    await press(anna, "➕ Добавить компанию", card)
    made = await asked(anna, "ООО Клён", "Кем работает в компании?")
    assert made.text.startswith(f"👤 {OLGA} · 🏢 ООО Клён")
    assert await db.fetchval("SELECT kind FROM client WHERE name = 'ООО Клён'") == "company"


async def test_taken_off_and_put_back(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    linden = await company(await rig.actor(anna))
    await linked(linden, OLGA, position="Закупщик")
    card = await card_of(anna, LINDEN)
    await press(anna, "👥 Люди 1", card)
    await press(anna, f"👤 {OLGA}", card)
    await press(anna, "✖️ Убрать", card)
    await press(anna, "↩️ Вернуть", card)
    assert card.text.split("\n")[1] == "Закупщик"
    await press(anna, "✖️ Убрать", card)
    await press(anna, "← Назад", card)
    assert "Контактных лиц пока нет" in card.text


async def test_pressed_after_somebody_else_has_taken_them_off(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    linden = await company(await rig.actor(anna))
    olga = await linked(linden, OLGA)
    card = await card_of(anna, LINDEN)
    await press(anna, "👥 Люди 1", card)
    await linking.unlink(SYSTEM, company_id=linden, person_id=olga)
    answer = await press(anna, f"👤 {OLGA}", card)
    assert answer["text"] == ru("This person is no longer a contact person here.")
    data = f"pp:set:{linden}:{olga}:c:ffff:"
    answer = await press_data(anna, card, data).answer()
    assert answer["text"] == ru("The suggestions have changed meanwhile: choose again.")


async def test_requisites_wrong_then_right_then_a_double(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    actor = await rig.actor(anna)
    await company(actor, "ООО Клён")
    await company(actor)
    for name in ("ООО Клён", LINDEN):
        card = await card_of(anna, name)
        await press(anna, "👥 Люди", card)
        await press(anna, "🧾 Реквизиты", card)
        assert "ИНН: —" in card.text
        await press(anna, "✏️ ИНН", card)
        await asked(anna, "7707083894", "Контрольная цифра ИНН 7707083894 не сходится")
        await asked(anna, "770708389", "а здесь 9")
        said = await asked(anna, "7707 083893", "✓ Сохранено")
        assert "ИНН: 7707083893" in card.text
    assert "⚠️ Те же ИНН и КПП есть у: 🏢 ООО Клён" in said.text
    await press(anna, "✏️ КПП", card)
    said = await asked(anna, "773601001", "✓ Сохранено")
    assert "⚠️" not in said.text
    await press(anna, "✏️ ИНН", card)
    await asked(anna, "—", "✓ Сохранено")
    await rig.settled()
    assert "ИНН: —" in card.text
    await press(anna, "← Назад", card)
    await press(anna, "← Назад", card)
    assert card.text.startswith(f"🏢 ⚪ {LINDEN}")


async def test_labels_and_the_preferred_number(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    made = await clients.create(await rig.actor(anna), name=OLGA, phone="+79120000001")
    await db.execute(
        "INSERT INTO contact_point (client_id, kind, value) VALUES ($1, 'phone', '+79120000002')",
        made.client_id,
    )
    card = await card_of(anna, OLGA)
    await press(anna, "📇 Контакты", card)
    await press(anna, "🏷 Пометки", card)
    await press(anna, "📞 +7 912 000-00-02", card)
    await press(anna, "рабочий", card)
    await press(anna, "⭐ Сделать основным", card)
    assert "📞 +7 912 000-00-02 · рабочий ⭐" in card.text
    assert "• рабочий" in labels(card)
    await press(anna, "← Назад", card)
    shown = [line for line in card.text.split("\n") if line.startswith("📞")]
    assert shown == ["📞 +7 912 000-00-02 · рабочий ⭐", "📞 +7 912 000-00-01"]


async def test_a_messenger_name_is_known_by_its_form(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await clients.create(await rig.actor(anna), name=OLGA)
    card = await card_of(anna, OLGA)
    await press(anna, "📇 Контакты", card)
    await press(anna, "📇 Другое", card)
    await asked(anna, "https://t.me/Olga_Kim", "✓ Добавлено: @olga_kim")
    assert "💬 Telegram @olga_kim" in card.text
    await press(anna, "📇 Другое", card)
    await asked(anna, "добавочный 12", "✓ Добавлено: добавочный 12")
    kinds = await db.fetch("SELECT kind FROM contact_point ORDER BY id")
    assert [one["kind"] for one in kinds] == ["telegram", "other"]


async def test_search_shows_the_company_beside_the_person(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    linden = await company(await rig.actor(anna))
    await linked(linden, OLGA, phone="+79123456789", email="olga@linden.example")
    for words in ("9123456789", "olga@linden", OLGA):
        anna.text(f"/find {words}")
        await rig.settled()
        found = anna.received()[-1]
        assert any(f"👤 {OLGA} · 🏢 {LINDEN}" in label for label in labels(found)), words


async def test_who_may_only_read_sees_people_without_changing_them(rig: Rig) -> None:
    """Buttons follow the rights; what is pressed without them is refused."""
    from crm_core.kernel import actors

    anna = await rig.employee("Анна")
    linden = await company(await rig.actor(anna))
    olga = await linked(linden, OLGA)
    card = await card_of(anna, LINDEN)
    role = (await rig.actor(anna)).role
    assert role is not None
    before = actors.RIGHTS[role]
    actors.RIGHTS[role] = before - {Right.CLIENT_WRITE}
    try:
        await press(anna, "👥 Люди 1", card)
        assert not any("➕" in label for label in labels(card))
        answer = await press_data(anna, card, f"pp:main:{linden}:{olga}:c::").answer()
        assert answer["text"] == ru("You have no right to do this. Ask an administrator for it.")
    finally:
        actors.RIGHTS[role] = before


@pytest.mark.feature("CLI-14")
async def test_a_person_of_several_companies_with_roles_and_contacts(rig: Rig) -> None:
    """In two companies with a role in each, the main contact of one; many phones, mails, names."""
    anna = await rig.employee("Анна")
    actor = await rig.actor(anna)
    await company(actor, "ООО Клён")
    await company(actor)
    card = await card_of(anna, LINDEN)
    await press(anna, "👥 Люди", card)
    await press(anna, "➕ Добавить человека", card)
    made = await asked(anna, f"{OLGA} 8 912 345-67-89", "Кем работает в компании?")
    await press(anna, "Закупщик", made)
    await press(anna, "⭐ Сделать главным", made)
    card = await card_of(anna, "ООО Клён")
    await press(anna, "👥 Люди", card)
    await press(anna, "➕ Добавить человека", card)
    choice = await asked(anna, "89123456789", "Возможно, это кто-то из них:")
    await press(anna, row(choice, f"👤 {OLGA}"), choice)
    await press(anna, "Директор", choice)
    await press(anna, "👤 Карточка", choice)
    assert f"🏢 {LINDEN} · Закупщик (+1)" in choice.text
    await press(anna, "🏢 Компании 2", choice)
    assert f"⭐ {LINDEN} · Закупщик" in choice.text
    assert "ООО Клён · Директор" in choice.text
    await press(anna, "← Назад", choice)
    await press(anna, "📇 Контакты", choice)
    for button, text in (
        ("📞 Телефон", "8 495 000-00-01"),
        ("✉️ Почта", "olga@linden.example"),
        ("✉️ Почта", "kim@maple.example"),
        ("📇 Другое", "@olga_kim"),
        ("📇 Другое", "vk.com/olgakim"),
    ):
        await press(anna, button, choice)
        await asked(anna, text, "✓ Добавлено")
        await rig.settled()
    ways = [line for line in choice.text.split("\n")[1:] if line]
    assert ways == [
        *("📞 +7 912 345-67-89", "📞 +7 495 000-00-01", "💬 Telegram @olga_kim"),
        *("💬 VK vk.com/olgakim", "✉️ olga@linden.example", "✉️ kim@maple.example"),
    ]
    for words in ("@olga_kim", "vk.com/olgakim", "kim@maple"):
        anna.text(f"/find {words}")
        await rig.settled()
        assert f"👤 {OLGA} · 🏢 {LINDEN}" in row(anna.received()[-1], OLGA)

"""Portraits by thumbs: fields, status, roles, what is lacking, and lists by them."""

from __future__ import annotations

import pytest

from crm_core.clients import commands as clients
from crm_core.clients.standing import defining
from crm_core.clients.standing.conditions import Condition, What
from crm_core.clients.standing.deciding import Part
from crm_core.clients.standing.queries import portrait
from crm_core.fields import commands as fields
from crm_core.fields.kinds import FieldKind
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Actor
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from tests.bot.clients.scenes import accepted, card_of, client_id, fresh_home, press, row
from tests.bot.rig import Rig, labels, ru


async def company() -> dict[str, str]:
    """Fields of every kind and the usual statuses; keys by title."""
    made = {}
    for title, kind in (
        ("Город", FieldKind.TEXT),
        ("Оборот", FieldKind.MONEY),
        ("День рождения", FieldKind.DATE),
        ("Опт", FieldKind.YES_NO),
        ("Куратор", FieldKind.PERSON),
        ("Договор", FieldKind.FILE),
    ):
        made[title] = (await fields.add(SYSTEM, title=title, kind=kind))["key"]
    for title, kind in (("Сегмент", FieldKind.CHOICE), ("Товары", FieldKind.CHOICES)):
        options = ["Розы", "Пионы", "Тюльпаны"]
        one = await fields.add(SYSTEM, title=title, kind=kind, options=options)
        made[title] = one["key"]
    await defining.usual(SYSTEM)
    template = [
        Part(condition=Condition(what=What.FIELD, key=made["Сегмент"]), weight=50),
        Part(condition=Condition(what=What.PHONE), weight=30),
        Part(condition=Condition(what=What.FIELD, key=made["Город"]), weight=20),
    ]
    await defining.set_template(SYSTEM, status_id=1, template=template)
    return made


async def values(actor: Actor) -> dict[str, object]:
    return (await portrait(actor, await client_id("Пётр Иванов"))).values


async def opened_portrait(rig: Rig, anna: Person) -> Message:
    await accepted(rig, anna, "Есть розы?")
    await rig.settled()
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, "📋 Анкета", card)
    return card


async def test_what_is_lacking_stands_first_and_fills_by_presses(rig: Rig) -> None:
    made = await company()
    anna = await rig.employee("Анна")
    card = await opened_portrait(rig, anna)
    actor = await rig.actor(anna)
    assert card.text.startswith("📋 👤 Пётр Иванов\n🟦 Новый клиент · 0 %")
    assert "Не заполнено: Сегмент, телефон, Город" in card.text
    assert labels(card)[:3] == ["➕ Сегмент · 50 %", "➕ телефон · 30 %", "➕ Город · 20 %"]
    await press(anna, "➕ Сегмент · 50 %", card)
    answer = await press(anna, "Пионы", card)
    assert answer["text"] == "✓ Сегмент: Пионы"
    assert "🟦 Новый клиент · 50 %" in card.text
    await press(anna, "➕ Город · 20 %", card)
    prompt = await anna.wait_text("Город. Напишите текст.")
    assert "👤 Пётр Иванов" in prompt.text
    anna.text("Тула")
    await anna.wait_text("✓ Город: Тула")
    assert "70 %" in card.text
    assert "Город: Тула" in card.text
    await press(anna, "➕ телефон · 30 %", card)
    anna.text("8 912 345-67-89")
    await anna.wait_text("✓ Добавлено")
    await rig.settled()
    assert await values(actor) == {made["Сегмент"]: "o2", made["Город"]: "Тула"}
    assert await db.fetchval("SELECT percent FROM client") == 100
    card = await card_of(anna, "Пётр Иванов")
    assert card.text.split("\n")[1] == "🟦 Новый клиент · 100 %"


async def test_every_kind_of_field_by_its_own_way(rig: Rig) -> None:
    made = await company()
    anna = await rig.employee("Анна")
    card = await opened_portrait(rig, anna)
    actor = await rig.actor(anna)

    async def open_field(title: str) -> None:
        while not any(title in label for label in labels(card)):
            await press(anna, "›", card)
        await press(anna, row(card, title), card)

    await open_field("Опт")
    await press(anna, "✅ Да", card)
    await open_field("День рождения")
    await press(anna, "Вчера", card)
    await open_field("День рождения")
    await press(anna, "✏️ Другая дата", card)
    anna.text("31.02.1980")
    await anna.wait_text("Такого дня нет в календаре: 31.02.1980.")
    anna.text("5 марта 1980")
    await anna.wait_text("✓ День рождения: 5 марта 1980")
    await open_field("Оборот")
    anna.text("много")
    await anna.wait_text("1 234,50 ₽")
    await rig.restart()
    anna.text("1 250 000 ₽")
    await anna.wait_text("✓ Оборот: 1\u00a0250\u00a0000\u00a0₽")
    await open_field("Куратор")
    await press(anna, "Анна", card)
    await open_field("Товары")
    await press(anna, "Розы", card)
    await press(anna, "Тюльпаны", card)
    assert labels(card)[:3] == ["✓ Розы", "Пионы", "✓ Тюльпаны"]
    await press(anna, "✓ Розы", card)
    await press(anna, "← Назад", card)
    await open_field("Договор")
    anna.document(b"%PDF-1.4 paper", "Договор.pdf")
    await anna.wait_text("✓ Договор: 📎 Договор.pdf")
    await open_field("Договор: 📎")
    await press(anna, "📎 Прислать мне", card)
    await anna.wait(lambda: any(one.content.get("document") for one in anna.received()))
    kept = await values(actor)
    file = kept.pop(made["Договор"])
    assert isinstance(file, dict)
    assert file["name"] == "Договор.pdf"
    assert kept == {
        made["Опт"]: True,
        made["День рождения"]: "1980-03-05",
        made["Оборот"]: {"amount": "1250000", "currency": "RUB"},
        made["Куратор"]: actor.id,
        made["Товары"]: ["o3"],
    }
    await press(anna, "🧹 Очистить", card)
    assert made["Договор"] not in await values(actor)
    told = "SELECT count(*) FROM event WHERE type = 'ClientFieldSet'"
    assert await db.fetchval(told) == 10


@pytest.mark.feature("CLI-16")
async def test_status_and_roles_by_hand_and_back_and_in_lists(rig: Rig) -> None:
    await company()
    anna = await rig.employee("Анна")
    card = await opened_portrait(rig, anna)
    await press(anna, "🏷 Статус", card)
    await press(anna, "🟨 В работе", card)
    assert "🟨 В работе" in card.text
    assert ru("The status was set by hand.") in card.text
    await press(anna, "🎭 Роли", card)
    await press(anna, "поставщик", card)
    await press(anna, "партнёр", card)
    assert {"✓ поставщик", "✓ партнёр", "клиент"} <= set(labels(card))
    await press(anna, "← Назад", card)
    assert "🟨 В работе · поставщик, партнёр" in card.text
    await press(anna, "← Назад", card)
    assert card.text.split("\n")[1] == "🟨 В работе · поставщик, партнёр"
    assert len(labels(card)) <= 8
    actor = await rig.actor(anna)
    await clients.create(actor, name="Мария")
    await rig.settled()
    home = await fresh_home(anna)
    await press(anna, "👤 Мои клиенты 2", home)
    assert "🟦 0 %" in row(home, "Мария")
    await press(anna, "🔽 Фильтры", home)
    await press(anna, "🏷 Статус и роль", home)
    await press(anna, "поставщик", home)
    assert "🔽 поставщик" in home.text
    assert not any("Мария" in label for label in labels(home))
    assert "🟨" in row(home, "Пётр Иванов")
    await press(anna, row(home, "Пётр Иванов"), home)
    await press(anna, "← Назад", home)
    assert "🔽 поставщик" in home.text, "back in the same selection"
    await press(anna, "🔽 Фильтры", home)
    await press(anna, "🏷 Статус и роль", home)
    await press(anna, "🟥 Потерянный", home)
    assert ru("There are no such clients.") in home.text
    for chosen in ("• поставщик", "• 🟥 Потерянный"):
        await press(anna, "🔽 Фильтры", home)
        await press(anna, "🏷 Статус и роль", home)
        await press(anna, chosen, home)
    await press(anna, "↕️ Сначала пустые", home)
    shown = [label for label in labels(home) if label[:1].isdigit()]
    assert [label.startswith(f"{n}.") for n, label in enumerate(shown, 1)] == [True, True]
    assert "Мария" in shown[0]


async def test_a_status_by_hand_is_let_go_and_the_timeline_tells(rig: Rig) -> None:
    await company()
    anna = await rig.employee("Анна")
    card = await opened_portrait(rig, anna)
    for label in ("🎭 Роли", "поставщик", "партнёр", "← Назад"):
        await press(anna, label, card)
    await press(anna, "🏷 Статус", card)
    await press(anna, "🟨 В работе", card)
    await press(anna, "🏷 Статус", card)
    await press(anna, "🤖 Снова по условиям", card)
    assert "🟦 Новый клиент" in card.text
    await press(anna, "← Назад", card)
    await press(anna, "📜 Лента", card)
    assert "Статус: Новый клиент → В работе" in card.text
    assert "Статус: В работе → Новый клиент (по условиям)" in card.text
    assert "Роли: поставщик, партнёр" in card.text


@pytest.mark.feature("CLI-03")
async def test_the_percent_follows_every_change_and_the_emptiest_come_first(rig: Rig) -> None:
    await company()
    anna = await rig.employee("Анна")
    actor = await rig.actor(anna)
    for name in ("Альфа", "Бета", "Гамма"):
        await clients.create(actor, name=name)
    card = await card_of(anna, "Бета")
    assert "🟦 Новый клиент · 0 %" in card.text
    await press(anna, "📇 Контакты", card)
    await press(anna, "📞 Телефон", card)
    anna.text("89123456789")
    await anna.wait_text("✓ Добавлено")
    await press(anna, "← Назад", card)
    assert "🟦 Новый клиент · 30 %" in card.text
    card = await card_of(anna, "Гамма")
    await press(anna, "📋 Анкета", card)
    await press(anna, "➕ Сегмент · 50 %", card)
    await press(anna, "Розы", card)
    assert "🟦 Новый клиент · 50 %" in card.text
    await rig.settled()
    home = await fresh_home(anna)
    await press(anna, "👤 Мои клиенты 3", home)
    await press(anna, "↕️ Сначала пустые", home)
    assert labels(home)[:3] == [
        "1. 👤 Альфа · 🟦 0 %",
        "2. 👤 Бета · 🟦 30 %",
        "3. 👤 Гамма · 🟦 50 %",
    ]


async def test_without_anything_set_up_nothing_is_in_the_way(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    card = await opened_portrait(rig, anna)
    assert ru("There are no fields and statuses yet: an administrator adds them in Settings.") in (
        card.text
    )
    assert "🏷 Статус" not in labels(card)
    await press(anna, "← Назад", card)
    assert card.text.split("\n")[1] == "Ведёт: Анна"


async def test_in_english(rig: Rig) -> None:
    await company()
    kate = await rig.employee("Kate", language="en")
    rig.client("Ann").text("Hello")
    offer = await kate.wait_text("Hello")
    await press(kate, "✅ Accept", offer)
    await rig.settled()
    await press(kate, "👤 Client", offer)
    await press(kate, "📋 Portrait", offer)
    assert "Not filled: Сегмент, phone, Город" in offer.text
    await press(kate, "🎭 Roles", offer)
    await press(kate, "prospect", offer)
    await press(kate, "← Back", offer)
    assert "0 % · prospect" in offer.text

"""An administrator sets up fields, statuses, full cards and conditions by thumbs."""

from __future__ import annotations

import pytest

from crm_core.clients import commands as clients
from crm_core.clients.standing import defining, jobs
from crm_core.clients.standing.queries import policy
from crm_core.fields import commands as fields
from crm_core.fields.kinds import FieldKind
from crm_core.fields.queries import all_fields
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Role
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.press import press_data
from sandbox.botapi.state import Message
from tests.bot.clients.scenes import accepted, card_of, client_id, fresh_home, press, row
from tests.bot.rig import Rig, labels, ru
from tests.waiting import eventually


async def settings(person: Person, room: str) -> Message:
    home = await fresh_home(person)
    await press(person, "⚙️ Настройки", home)
    await press(person, room, home)
    return home


async def test_fields_are_thought_of_named_and_put_away(rig: Rig) -> None:
    boss = await rig.employee("Ольга", role=Role.ADMIN)
    home = await settings(boss, "📋 Поля клиентов")
    await press(boss, "➕ Добавить поле", home)
    await press(boss, "выбор из списка", home)
    await boss.wait_text("Напишите название: Отрасль")
    boss.text("Отрасль")
    await boss.wait_text("Напишите варианты")
    boss.text("Цветы\nКафе\n\nЦветы")
    await boss.wait_text("✓ Отрасль")
    assert home.text.startswith("📋 Отрасль\nвыбор из списка: Цветы, Кафе")
    assert "otrasl" in home.text
    await press(boss, "❗ Напоминать", home)
    assert "❗ Не напоминать" in labels(home)
    await press(boss, "☰ Варианты", home)
    await press(boss, "➕ Добавить вариант", home)
    boss.text("Отели\nСвадьбы")
    await boss.wait_text("✓ Отели, Свадьбы")
    await press(boss, "Кафе", home)
    await press(boss, "🗄 Убрать в архив", home)
    assert "🗄 Кафе" in labels(home)
    await press(boss, "Цветы", home)
    await press(boss, "✏️ Название", home)
    boss.text("Салоны цветов")
    await boss.wait_text("✓ Салоны цветов")
    await press(boss, "← Назад", home)
    await press(boss, "✏️ Название", home)
    boss.text("Вид дела")
    await boss.wait_text("✓ Вид дела")
    assert home.text.startswith("📋 Вид дела\nвыбор из списка: Салоны цветов, Отели, Свадьбы")
    [one] = await all_fields("client")
    assert (one.key, one.required) == ("otrasl", True)
    assert [(each.key, each.archived) for each in one.options] == [
        ("o1", False),
        ("o2", True),
        ("o3", False),
        ("o4", False),
    ]
    await press(boss, "🗄 Убрать в архив", home)
    await press(boss, "← Назад", home)
    assert "1. 🗄 Вид дела · выбор из списка" in labels(home)


@pytest.mark.feature("CLI-04")
async def test_each_status_has_its_own_full_card(rig: Rig) -> None:
    """Weights of another sum are refused and named; another status asks for other things."""
    boss = await rig.employee("Ольга", role=Role.ADMIN)
    await fields.add(SYSTEM, title="Город", kind=FieldKind.TEXT)
    one = (await clients.create(await rig.actor(boss), name="Пётр", phone="89123456789")).client_id
    home = await settings(boss, "🏷 Статусы")
    await press(boss, "✨ Начать с обычных", home)
    await press(boss, "1. 🟦 Новый клиент ⭐", home)
    await press(boss, "📊 Заполнение", home)
    for condition in ("Город", "телефон", "почта"):
        await press(boss, condition, home)
    assert {"✓ Город · 34 %", "✓ телефон · 33 %", "✓ почта · 33 %"} <= set(labels(home))
    await press(boss, "✏️ Веса", home)
    await boss.wait_text("1. Город — 34 %\n2. телефон — 33 %")
    boss.text("50 40 9")
    await boss.wait_text("Сумма весов — 99, а должно быть 100.")
    boss.text("50 40")
    await boss.wait_text("Нужно чисел: 3")
    boss.text("50, 40, 10")
    await boss.wait_text("✓ 50 + 40 + 10")
    assert "✓ почта · 10 %" in labels(home)
    await press(boss, "← Назад", home)
    assert "Заполненная карточка: Город 50 %, телефон 40 %, почта 10 %" in home.text
    await press(boss, "← Назад", home)
    await press(boss, row(home, "В работе"), home)
    await press(boss, "📊 Заполнение", home)
    await press(boss, "менеджер", home)
    percent = "SELECT percent FROM client WHERE id = $1"

    async def is_at(wanted: int) -> bool:
        return bool(await db.fetchval(percent, one) == wanted)

    await eventually(lambda: is_at(40), what="everybody to be looked at anew")
    card = await card_of(boss, "Пётр")
    assert "🟦 Новый клиент · 40 %" in card.text
    await press(boss, "📋 Анкета", card)
    await press(boss, "🏷 Статус", card)
    await press(boss, "🟨 В работе", card)
    assert "🟨 В работе · 100 %" in card.text
    assert await is_at(100)


async def test_statuses_are_named_coloured_ordered_and_put_away(rig: Rig) -> None:
    boss = await rig.employee("Ольга", role=Role.ADMIN)
    home = await settings(boss, "🏷 Статусы")
    await press(boss, "➕ Добавить статус", home)
    boss.text("Первый")
    await boss.wait_text("✓ Первый")
    await press(boss, "🟪 фиолетовый", home)
    assert home.text.startswith("🟪 Первый\n⭐ Его получают новые клиенты.")
    assert "🗄 Убрать в архив" not in labels(home), "new clients need it"
    await press(boss, "← Назад", home)
    await press(boss, "➕ Добавить статус", home)
    boss.text("первый")
    await boss.wait_text("Статус «первый» уже есть.")
    boss.text("Второй")
    await boss.wait_text("✓ Второй")
    await press(boss, "🟩 зелёный", home)
    await press(boss, "✏️ Название", home)
    boss.text("Главный")
    await boss.wait_text("✓ Главный")
    await press(boss, "↑ Выше", home)
    await press(boss, "⭐ Для новых", home)
    await press(boss, "← Назад", home)
    assert labels(home)[:2] == ["1. 🟩 Главный ⭐", "2. 🟪 Первый"]
    await press(boss, "2. 🟪 Первый", home)
    await press(boss, "🗄 Убрать в архив", home)
    await press(boss, "← Назад", home)
    assert labels(home)[:2] == ["1. 🟩 Главный ⭐", "2. 🟪 Первый 🗄"]
    colors = {one.title: one.color for one in (await policy()).statuses.values()}
    assert colors == {"Первый": "#8A63D2", "Главный": "#3FA66B"}


async def ruled(boss: Person) -> Message:
    """Lost: silent for long and no dialog; before it regular: of segment A."""
    home = await settings(boss, "🏷 Статусы")
    await press(boss, row(home, "Потерянный"), home)
    assert "По условиям его никто не получает." in home.text
    await press(boss, "⚙️ Условия", home)
    await press(boss, "➕ Добавить правило", home)
    await press(boss, "Не пишет …", home)
    await press(boss, "молчит 90 дней", home)
    await press(boss, "➕ Условие", home)
    await press(boss, "нет: открытый диалог", home)
    assert labels(home)[:2] == ["✖️ молчит 90 дней", "✖️ нет: открытый диалог"]
    await press(boss, "← Назад", home)
    assert "1. молчит 90 дней + нет: открытый диалог" in labels(home)
    await press(boss, "← Назад", home)
    assert "• молчит 90 дней + нет: открытый диалог" in home.text
    await press(boss, "← Назад", home)
    await press(boss, row(home, "Постоянный"), home)
    await press(boss, "⚙️ Условия", home)
    await press(boss, "➕ Добавить правило", home)
    await press(boss, "Поле …", home)
    await press(boss, "Сегмент", home)
    await press(boss, "A", home)
    await press(boss, "➕ Условие", home)
    await press(boss, "Роль …", home)
    await press(boss, "клиент", home)
    await press(boss, "✖️ клиент", home)
    assert labels(home)[0] == "✖️ Сегмент: A"
    await press(boss, "↑ Раньше", home)
    assert "1. Сегмент: A" in labels(home)
    return home


async def test_conditions_give_statuses_from_the_chat(rig: Rig) -> None:
    boss = await rig.employee("Ольга", role=Role.ADMIN)
    await fields.add(SYSTEM, title="Сегмент", kind=FieldKind.CHOICE, options=["A", "B"])
    _new, work, regular, lost = await defining.usual(SYSTEM)
    await ruled(boss)
    rules = [(one.status_id, len(one.conditions)) for one in (await policy()).rules]
    assert rules == [(regular, 1), (lost, 2)]
    await rig.settled()
    card = await accepted(rig, boss, "Есть розы?")
    one = await client_id("Пётр Иванов")
    status = "SELECT status_id FROM client WHERE id = $1"
    assert await db.fetchval(status, one) not in {regular, lost, work}
    await db.execute("UPDATE dialog SET state = 'closed'")
    await db.execute("UPDATE message SET at = at - interval '91 days'")
    await jobs.on_all("clients", {"after": 0})
    assert await db.fetchval(status, one) == lost
    await press(boss, "👤 Клиент", card)
    await press(boss, "📋 Анкета", card)
    await press(boss, "➕ Сегмент", card)
    await press(boss, "A", card)
    assert "🟩 Постоянный клиент" in card.text
    home = await settings(boss, "🏷 Статусы")
    await press(boss, row(home, "Постоянный"), home)
    await press(boss, "⚙️ Условия", home)
    await press(boss, "1. Сегмент: A", home)
    await press(boss, "🗑 Удалить", home)
    assert not any("Сегмент" in label for label in labels(home))


async def test_only_administrators_see_and_press_it(rig: Rig) -> None:
    await defining.usual(SYSTEM)
    anna = await rig.employee("Анна", role=Role.HEAD)
    home = await fresh_home(anna)
    await press(anna, "⚙️ Настройки", home)
    assert not any(word in label for label in labels(home) for word in ("Поля", "Статусы"))
    for forged in (
        "ss:list:0::0",
        "ss:usual:0::0",
        "sf:add:0:text",
        "sr:list:1:0:",
        "ss:toggle:1:phone:0",
        "ss:archive:2::0",
        "sr:add:1:0:phone",
        "sf:list:0:",
    ):
        answer = await press_data(anna, home, forged).answer()
        assert answer["text"] == ru("You have no right to do this. Ask an administrator for it."), (
            forged
        )
    assert len((await policy()).rules) == 0
    boss = await rig.employee("Ольга", role=Role.ADMIN)
    home = await settings(boss, "🏷 Статусы")
    for forged in ("ss:show:99::0", "sr:add:1:0:nonsense", "sr:drop:1:7:0", "ss:toggle:1:f9:0"):
        answer = await press_data(boss, home, forged).answer()
        assert answer["text"] in {
            ru("There is no such status."),
            ru("This button is outdated: open the screen again."),
        }

"""The clients workplace: one's own by default, everybody's by right, filters, key facts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_core.clients import commands as clients
from crm_core.clients import workplace
from crm_core.clients.listing import Wanted
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.kernel.errors import Forbidden
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.press import press_data
from sandbox.botapi.state import Message
from tests.bot.clients.scenes import fresh_home, press, row
from tests.bot.people.scenes import LINDEN, OLGA, company, linked
from tests.bot.rig import Rig, labels, ru
from tests.crm_core.clients import people


async def opened(person: Person) -> Message:
    home = await fresh_home(person)
    await press(person, row(home, "👤 Мои клиенты"), home)
    return home


async def request_of(client_id: int) -> None:
    await db.execute(
        "INSERT INTO request (kind, source, external_key, client_id, subject, at, registered_at)"
        " VALUES ('form', 'Сайт', 'k', $1, 'Розы', now(), now())",
        client_id,
    )


def listed(screen: Message) -> list[str]:
    """Buttons of the clients on the list."""
    return [label for label in labels(screen) if label[:1].isdigit()]


async def test_filters_narrow_the_list_and_back_finds_it_again(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    actor = await rig.actor(anna)
    linden = await company(actor)
    olga = (await clients.create(actor, name=OLGA)).client_id
    await clients.create(actor, name="Иван Бук")
    await linked(linden, "Пётр Вяз")
    await request_of(olga)
    screen = await opened(anna)
    assert len(listed(screen)) == 3
    assert f"{LINDEN}: 👥 1" in screen.text
    assert f"{OLGA}: 📥 1" in screen.text
    await press(anna, "🔽 Фильтры", screen)
    assert "• Мои" not in labels(screen), "a manager sees one's own only"
    await press(anna, "🏢 Компании", screen)
    assert "• 🏢 Компании" in labels(screen)
    await press(anna, "✅ Показать", screen)
    assert listed(screen) == [row(screen, LINDEN)]
    await press(anna, row(screen, LINDEN), screen)
    assert screen.text.startswith(f"🏢 ⚪ {LINDEN}")
    await press(anna, "← Назад", screen)
    assert "🔽 Компании" in screen.text
    await press(anna, "🔽 Фильтры", screen)
    await press(anna, "👥 Все", screen)
    await press(anna, "📥 с открытыми заявками", screen)
    await press(anna, "✅ Показать", screen)
    assert listed(screen) == [row(screen, OLGA)]


async def test_silent_for_long(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    actor = await rig.actor(anna)
    old = clock.now() - timedelta(days=100)
    for name, spoke in (("Молчит", 40), ("Говорил", 5)):
        made = await clients.create(actor, name=name)
        await _spoke(made.client_id, spoke)
    await db.execute("UPDATE client SET created_at = $1", old)
    await clients.create(actor, name="Новый")
    screen = await opened(anna)
    await press(anna, "🔽 Фильтры", screen)
    await press(anna, "нет контакта 30 дней", screen)
    await press(anna, "✅ Показать", screen)
    assert listed(screen) == [row(screen, "Молчит")]


async def _spoke(client_id: int, days: int) -> None:
    """They wrote so many days ago."""
    channel = await people.channel(f"Канал {client_id}")
    dialog = await people.dialog(await people.identity(client_id, channel))
    await people.message(dialog, "привет", at=clock.now() - timedelta(days=days))


async def test_heads_see_everybodys_and_a_colleagues(rig: Rig) -> None:
    vera = await rig.employee("Вера", role=Role.HEAD)
    anna = await rig.employee("Анна")
    await clients.create(await rig.actor(anna), name="Клиент Анны")
    await clients.create(SYSTEM, name="Ничей")
    screen = await opened(vera)
    assert not listed(screen)
    await press(vera, "🔽 Фильтры", screen)
    await press(vera, "Все", screen)
    await press(vera, "✅ Показать", screen)
    assert screen.text.startswith("👤 Все клиенты")
    assert "Клиент Анны: Анна" in screen.text
    assert "Ничей: никто" in screen.text
    await press(vera, "🔽 Фильтры", screen)
    await press(vera, "👤 Коллега", screen)
    await press(vera, "🟢 Анна", screen)
    assert screen.text.startswith("👤 Клиенты: Анна")
    assert listed(screen) == [row(screen, "Клиент Анны")]


async def test_a_manager_may_not_by_a_forged_button_either(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    boris = await rig.actor(await rig.employee("Борис"))
    screen = await opened(anna)
    for of in (-1, boris.id):
        answer = await press_data(anna, screen, f"cl:0:list:{of}:a:0:0:0::").answer()
        assert answer["text"] == ru("You have no right to do this. Ask an administrator for it.")
    with pytest.raises(Forbidden):
        await workplace.listed(await rig.actor(anna), Wanted(manager_id=None))

"""Catalogues in the bot: opened, searched, filled, moved, put away; by right only."""

from __future__ import annotations

import pytest

from crm_core.catalogues import access, items
from crm_core.catalogues.shapes import Kind
from crm_core.classification import commands as classifying
from crm_core.clients import commands as clients
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Role
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.press import press_data
from sandbox.botapi.state import Message
from tests.bot.clients.scenes import press, row
from tests.bot.rig import Rig, labels, ru
from tests.factories_catalogues import catalogue, grown, item


async def opened_list(person: Person) -> Message:
    home = person.received()[0]
    await press(person, "⚙️ Настройки", home)
    await press(person, "📚 Справочники", home)
    return home


async def write(rig: Rig, person: Person, label: str, home: Message, text: str) -> None:
    """Press, and answer the question that comes."""
    await press(person, label, home)
    person.text(text)
    await rig.settled()


async def outline(catalogue_id: int) -> list[str]:
    tree = (await access.read(catalogue_id)).tree
    return [f"{'.' * (len(tree.path(one.id)) - 1)}{one.title}" for one in tree.walk()]


@pytest.mark.feature("CAT-02")
async def test_groups_in_groups_are_made_renamed_and_moved(rig: Rig) -> None:
    admin = await rig.employee("Ада", role=Role.ADMIN)
    home = await opened_list(admin)
    await press(admin, "➕ Добавить справочник", home)
    assert labels(home)[:3] == ["простой список", "дерево элементов", "группы с элементами"]
    await write(rig, admin, "группы с элементами", home, "  Отрасли  ")
    assert home.text.splitlines() == ["📚 Отрасли", "Здесь пока пусто."]
    number = await db.fetchval("SELECT id FROM catalogue WHERE title = 'Отрасли'")
    for title in ("Торговля", "Розница", "Цветы у дома"):
        await write(rig, admin, "📁 Группа", home, title)
        await press(admin, row(home, title), home)
    await write(rig, admin, "➕ Элемент", home, "Розы")
    assert await outline(number) == ["Торговля", ".Розница", "..Цветы у дома", "...Розы"]
    assert home.text.splitlines()[0] == "📚 Отрасли › Торговля › Розница › Цветы у дома"
    await press(admin, "📁 Подробнее", home)
    await write(rig, admin, "✏️ Название", home, "Лавки")
    assert home.text.splitlines()[0] == "📁 Лавки"
    await press(admin, "📁 Переместить", home)
    assert "Куда переместить?" in home.text
    assert labels(home) == ["📚 На верхний уровень", "📁 Торговля", "← Назад"]
    await press(admin, "📁 Торговля", home)
    assert await outline(number) == ["Торговля", ".Розница", ".Лавки", "..Розы"], "none is lost"
    await press(admin, "⬆️", home)
    assert await outline(number) == ["Торговля", ".Лавки", "..Розы", ".Розница"]
    await press(admin, "← Назад", home)
    assert labels(home)[:2] == ["1. 📁 Лавки · 1", "2. 📁 Розница"]


async def test_a_forged_circle_is_refused_in_words(rig: Rig) -> None:
    admin = await rig.employee("Ада", role=Role.ADMIN)
    found = await grown(await catalogue("Регионы"), {"Россия": {"Омск": {}}})
    home = await opened_list(admin)
    await press(admin, row(home, "Регионы"), home)
    forged = f"km:to:{found['Россия']}:{found['Омск']}"
    answer = await press_data(admin, home, forged).answer()
    assert answer["text"] == ru(
        "%(title)s can't be put into itself or into what stands under it.", title="Россия"
    )


async def test_put_away_brought_back_and_removed(rig: Rig) -> None:
    admin = await rig.employee("Ада", role=Role.ADMIN)
    vera = await rig.employee("Вера")
    regions = await catalogue("Регионы")
    found = await grown(regions, {"Омск": {}, "Томск": {}})
    made = await clients.create(SYSTEM, name="Ромашка")
    await classifying.classify(SYSTEM, client_id=made.client_id, item_id=found["Омск"])
    home = await opened_list(admin)
    await press(admin, row(home, "Регионы"), home)
    for title in ("Омск", "Томск"):
        await press(admin, row(home, title), home)
        await press(admin, "🗄 Убрать в архив", home)
        assert "🗄 в архиве" in home.text
        await press(admin, "← Назад", home)
    assert labels(home)[:2] == ["1. 🗄 Омск", "2. 🗄 Томск"]
    other = await opened_list(vera)
    await press(vera, row(other, "Регионы"), other)
    assert "Здесь пока пусто." in other.text
    await press(admin, row(home, "Омск"), home)
    await press(admin, "🗑 Удалить", home)
    assert (await press(admin, "🗑 Удалить", home))["text"].startswith("На этот элемент ссылаются")
    await press(admin, "↩️ Вернуть", home)
    assert "архив" not in home.text
    await press(admin, "👤 Клиенты 1", home)
    assert labels(home)[0].startswith("1. 👤 Ромашка")
    await press(admin, labels(home)[0], home)
    assert "Ромашка" in home.text
    await press(admin, "← Назад", home)
    assert home.text.splitlines() == ["👤 Регионы › Омск", "1 клиент"]
    await press(admin, "← Назад", home)
    await press(admin, "← Назад", home)
    await press(admin, row(home, "Томск"), home)
    await press(admin, "🗑 Удалить", home)
    assert "Удалить «Томск»?" in home.text
    await press(admin, "🗑 Удалить", home)
    assert await outline(regions) == ["Омск"]


async def test_titles_codes_and_what_a_channel_is(rig: Rig) -> None:
    admin = await rig.employee("Ада", role=Role.ADMIN)
    home = await opened_list(admin)
    await press(admin, row(home, "Каналы рекламы"), home)
    await write(rig, admin, "➕ Элемент", home, "Радио")
    await admin.wait_text("✓ Добавлено: Радио")
    await press(admin, "›", home) if "›" in labels(home) else None
    await press(admin, row(home, "Радио"), home)
    await press(admin, "🔤 Код", home)
    admin.text("я" * 65)
    await admin.wait_text(ru("A name has from 1 to %(most)s characters.", most=64))
    admin.text("RADIO")
    await rig.settled()
    assert "Код: RADIO" in home.text
    await press(admin, "📣 Что это", home)
    await press(admin, "наружная реклама", home)
    assert "Что это: наружная реклама" in home.text
    await write(rig, admin, "🔤 Код", home, "-")
    assert "Код:" not in home.text
    await press(admin, "← Назад", home)
    await write(rig, admin, "➕ Элемент", home, "рАдио")
    await admin.wait_text("«Радио» здесь уже есть. Выберите другое название.")


async def regions_of_nine() -> tuple[int, int]:
    """A catalogue with nine items in one group, and one more in the archive; both numbers."""
    regions = await catalogue("Регионы", Kind.GROUPS)
    russia = await item(regions, "Россия", group=True)
    for number in range(9):
        await item(regions, f"Область {number}", russia, code=f"R{number}")
    away = await item(regions, "Старая область", russia)
    await items.archive(SYSTEM, item_id=away)
    return regions, russia


@pytest.mark.feature("CAT-04")
async def test_everybody_opens_and_searches_and_edits_by_right(rig: Rig) -> None:
    vera = await rig.employee("Вера", role=Role.OPERATOR)
    regions, russia = await regions_of_nine()
    home = await opened_list(vera)
    assert row(home, "Регионы").endswith("Регионы · 9")
    assert row(home, "Причины отклонения").endswith("· 5")
    await press(vera, row(home, "Регионы"), home)
    assert labels(home) == ["1. 📁 Россия · 9", "🔎 Поиск", "📊 Таблица", "← Назад"]
    await press(vera, row(home, "Россия"), home)
    assert labels(home)[6:] == ["7. 🔹 Область 6", "›", "🔎 Поиск", "📁 Подробнее", "← Назад"]
    await press(vera, "›", home)
    assert labels(home)[:3] == ["8. 🔹 Область 7", "9. 🔹 Область 8", "‹"]
    await press(vera, row(home, "Область 7"), home)
    assert labels(home) == ["👤 Клиенты 0", "← Назад"]
    await press(vera, "← Назад", home)
    assert labels(home)[0] == "8. 🔹 Область 7", "back to the same page"
    await press(vera, "🔎 Поиск", home)
    vera.text("r3")
    hits = await vera.wait_text("🔎 Регионы: r3")
    assert labels(hits)[0] == "🔹 Россия › Область 3"
    await press(vera, "🔎 Поиск", hits)
    vera.text("область")
    hits = await vera.wait_text("🔎 Регионы: область")
    assert "… и ещё 2: напишите название подробнее" in hits.text
    assert not any("Старая" in label for label in labels(hits))
    await press(vera, "← Назад", hits)
    vera.text("Россия")
    hits = await vera.wait_text("🔎 Регионы: Россия")
    assert labels(hits)[0] == "📁 Россия", "typed while the catalogue is open"
    for forged in (
        f"kc:item:{regions}:0",
        f"kc:care:{regions}:0",
        f"ki:rename:{russia}",
        f"ki:archive:{russia}",
        f"km:to:{russia}:0",
        "kn:flat",
    ):
        answer = await press_data(vera, home, forged).answer()
        assert answer["text"] == ru("You have no right to do this. Ask an administrator for it.")


@pytest.mark.feature("CAT-04")
async def test_who_may_sets_a_catalogue_up(rig: Rig) -> None:
    head = await rig.employee("Глеб", role=Role.HEAD)
    await regions_of_nine()
    home = await opened_list(head)
    await press(head, row(home, "Регионы"), home)
    await press(head, "⚙️ Настроить", home)
    await write(rig, head, "✏️ Название", home, "Области")
    assert home.text.startswith("⚙️ Области")
    await press(head, "👤 Больше не для клиентов", home)
    assert "Клиентов по нему не классифицируют" in home.text
    await press(head, "🗄 Убрать в архив", home)
    assert "🗄 в архиве" in home.text
    await press(head, "↩️ Вернуть", home)
    await press(head, "← Назад", home)
    assert "📊 Таблица" not in labels(home)
    await press(head, row(home, "Россия"), home)
    await press(head, "›", home)
    assert labels(home)[2] == "10. 🗄 Старая область"


async def test_a_table_of_two_catalogues(rig: Rig) -> None:
    head = await rig.employee("Глеб", role=Role.HEAD)
    regions, sizes = await catalogue("Регионы"), await catalogue("Размер", Kind.FLAT)
    r = await grown(regions, {"Сибирь": {"Омск": {}}, "Урал": {}})
    s = await grown(sizes, {"Крупный": {}, "Мелкий": {}})
    for name, marks in (("а", (r["Омск"], s["Крупный"])), ("б", (r["Урал"],))):
        made = await clients.create(await rig.actor(head), name=name)
        for mark in marks:
            await classifying.classify(SYSTEM, client_id=made.client_id, item_id=mark)
    home = await opened_list(head)
    await press(head, row(home, "Регионы"), home)
    await press(head, "📊 Таблица", home)
    assert labels(home) == ["👤 По менеджерам", "Группы клиентов", "Размер", "← Назад"]
    await press(head, "Размер", home)
    assert home.text.splitlines()[:5] == [
        "📊 Регионы × Размер",
        "             Крупный       —   Итого",
        "Сибирь             1       0       1",
        "Урал               0       1       1",
        "Итого              1       1       2",
    ]
    await press(head, "← Назад", home)
    await press(head, "👤 По менеджерам", home)
    assert "Сибирь             1       1" in home.text

"""Search: what finds whom, groups, pages, typing into an open list, the place of a message."""

from __future__ import annotations

import pytest

from crm_core.clients import commands as clients
from crm_core.clients.rules import ContactKind
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Role
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.press import press_data
from sandbox.botapi.state import Message
from tests.bot.clients.scenes import accepted, fresh_home, press, row
from tests.bot.rig import Rig, labels, ru, texts


async def find(rig: Rig, person: Person, words: str) -> Message:
    """Search; the results, at the end of the chat."""
    asked = person.text(f"/find {words}")
    await person.wait(lambda: any(one.id > asked.id for one in person.received()))
    await rig.settled()
    return person.received()[-1]


async def people() -> None:
    petr = await clients.create(
        SYSTEM, name="Пётр Иванов", phone="8 912 345-67-89", email="petr@rose.ru"
    )
    await clients.add_contact(
        SYSTEM, client_id=petr.client_id, kind=ContactKind.PHONE, value="+375 29 123-45-67"
    )
    await clients.create(SYSTEM, name="ООО «Ромашка»", kind="company", email="info@romashka.ru")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("пётр иванов", "Пётр Иванов"),
        ("Ивонов", "Пётр Иванов"),
        ("petr ivanov", "Пётр Иванов"),
        ("Gtnh", "Пётр Иванов"),
        ("ромашка", "🏢 ООО «Ромашка»"),
        ("8(912)3456789", "Пётр Иванов"),
        ("+7 912 345 67 89", "Пётр Иванов"),
        ("67-89", "Пётр Иванов"),
        ("375291234567", "Пётр Иванов"),
        ("PETR@rose.ru", "Пётр Иванов"),
        ("info@", "🏢 ООО «Ромашка»"),
    ],
)
async def test_what_finds_whom(rig: Rig, words: str, name: str) -> None:
    await people()
    anna = await rig.employee("Анна")
    found = await find(rig, anna, words)
    assert [label for label in labels(found) if label.startswith("1.")] == [row(found, name)]
    await press(anna, row(found, name), found)
    assert found.text.split("\n")[0].endswith(name.removeprefix("🏢 "))
    await press(anna, "← Назад", found)
    assert found.text.startswith(f"🔎 {words}")


async def test_nothing_teaches(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    found = await find(rig, anna, "щщщщщ")
    assert ru("Nothing was found.") in found.text
    assert ru("Only messages of your own dialogs and clients are searched.") in found.text
    head = await rig.employee("Ольга", role=Role.HEAD)
    found = await find(rig, head, "щщщщщ")
    assert ru("Only messages of your own dialogs and clients are searched.") not in found.text


async def test_room_teaches_and_typing_searches_in_it(rig: Rig) -> None:
    await people()
    anna = await rig.employee("Анна")
    home = anna.received()[0]
    await press(anna, "🔎 Поиск", home)
    assert "опечатки не мешают" in home.text
    anna.text("иванов")
    found = await anna.wait_text("🔎 иванов")
    await rig.settled()
    assert anna.received() == [found], "there is one home message, at the end of the chat"
    await press(anna, "← Главная", found)
    assert found.text.startswith("🏠 Анна")
    anna.text("иванов")
    await anna.wait_text("Кому?")


async def test_typing_while_ones_clients_are_open(rig: Rig) -> None:
    await people()
    anna = await rig.employee("Анна")
    await press(anna, "👤 Мои клиенты 0", anna.received()[0])
    anna.text("ромашка")
    found = await anna.wait_text("🔎 ромашка")
    await press(anna, row(found, "Ромашка"), found)
    anna.text("иванов")
    await anna.wait_text("Кому?")


async def test_words_for_a_chosen_client_are_no_search(rig: Rig) -> None:
    """What was said last counts: a list opened, or a client chosen to write to."""
    anna = await rig.employee("Анна")
    card = await accepted(rig, anna, "Есть розы?")
    petr = next(one for one in rig.world.users.values() if one.first_name == "Пётр Иванов")
    client = rig.world.actor(petr, rig.shop)
    home = await fresh_home(anna)
    await press(anna, "🔎 Поиск", home)
    await press(anna, "✍️ Писать", card)
    anna.text("Розы есть")
    await client.wait_text("Розы есть")
    await press(anna, "← Главная", home)
    await press(anna, "🔎 Поиск", home)
    anna.text("тюльпаны")
    await anna.wait_text("🔎 тюльпаны")
    await rig.settled()
    assert "тюльпаны" not in [one.text for one in client.received()]
    anna.text("И пионы", reply_to=card)
    await client.wait_text("И пионы")


async def test_groups_and_pages(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    actor = await rig.actor(anna)
    for number in range(10):
        await clients.create(actor, name=f"Роза {number}")
    await accepted(rig, anna, "роза-начало")
    petr = next(one for one in rig.world.users.values() if one.first_name == "Пётр Иванов")
    for number in range(9):
        rig.world.actor(petr, rig.shop).text(f"роза номер {number}")
    await rig.settled()
    found = await find(rig, anna, "роза")
    numbered = [label for label in labels(found) if label[0].isdigit()]
    assert [label[:2] for label in numbered] == [f"{n}." for n in range(1, 8)]
    assert sum("👤" in label for label in numbered) == 4
    assert sum("💬" in label for label in numbered) == 3
    assert "👤 Клиенты: 1–4\n💬 В переписке: 5–7\n5. 👤" in found.text
    await press(anna, "Все клиенты ›", found)
    assert sum("👤 Роза" in label for label in labels(found)) == 7
    await press(anna, "›", found)
    last = [label for label in labels(found) if "👤 Роза" in label]
    assert [label[:2] for label in last] == ["8.", "9.", "10"]
    await press(anna, last[0], found)
    await press(anna, "← Назад", found)
    assert [label for label in labels(found) if "👤 Роза" in label] == last
    await press(anna, "🔎 Всё", found)
    await press(anna, "Все сообщения ›", found)
    assert sum("💬" in label for label in labels(found)) == 7
    await press(anna, "›", found)
    assert sum("💬" in label for label in labels(found)) == 3


async def test_message_opens_at_its_place(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "строка-00")
    petr = next(one for one in rig.world.users.values() if one.first_name == "Пётр Иванов")
    for number in range(1, 20):
        words = "нужна ваза" if number == 8 else f"строка-{number:02}"
        rig.world.actor(petr, rig.shop).text(words)
    await rig.settled()
    found = await find(rig, anna, "вазу")
    assert "нужна ваза" in found.text
    await press(anna, row(found, "1. 💬 Пётр Иванов"), found)
    around = [word for word in found.text.split() if word.startswith("строка")]
    assert around == [f"строка-{n:02}" for n in (5, 6, 7, 9, 10, 11)]
    assert "➤" in found.text.split("нужна ваза")[0].split("строка-07")[1]
    await press(anna, "📜 История", found)
    assert "строка-11" in found.text
    assert "строка-12" not in found.text
    await press(anna, "← Назад", found)
    assert "⚡ Быстрый ответ" in labels(found)
    await press(anna, "← Назад", found)
    assert found.text.startswith("🔎 вазу")


async def test_strangers_words_are_neither_found_nor_opened(rig: Rig) -> None:
    anna, oleg = await rig.employee("Анна"), await rig.employee("Олег", presence="off")
    await accepted(rig, anna, "тайная ваза")
    await db.execute("DELETE FROM queue_member WHERE employee_id = $1", (await rig.actor(oleg)).id)
    found = await find(rig, oleg, "ваза")
    assert ru("Nothing was found.") in found.text
    message = await db.fetchval("SELECT id FROM message WHERE text = 'тайная ваза'")
    answer = await press_data(oleg, found, f"sh:{message}:fa0").answer()
    assert answer == {"text": ru("This dialog is with somebody else."), "show_alert": True}
    assert not any("тайная" in text for text in texts(oleg))


async def test_pages_live_through_a_restart(rig: Rig) -> None:
    await people()
    anna = await rig.employee("Анна")
    found = await find(rig, anna, "иванов")
    await press(anna, row(found, "Пётр Иванов"), found)
    await rig.restart()
    await press(anna, "← Назад", found)
    assert found.text.startswith("🔎 иванов")
    await db.execute("DELETE FROM view_memory WHERE view = 'search'")
    await press(anna, row(found, "Пётр Иванов"), found)
    await press(anna, "← Назад", found)
    assert "опечатки не мешают" in found.text


async def test_english(rig: Rig) -> None:
    await people()
    ann = await rig.employee("Ann", language="en")
    found = await find(rig, ann, "petr")
    assert "👤 Clients: 1" in found.text
    await press(ann, row(found, "Пётр"), found)
    assert "Nobody looks after this client yet." in found.text
    assert "📜 Timeline" in labels(found)


async def test_search_in_a_topic_stays_in_the_topic(forum: Rig) -> None:
    anna = await forum.employee("Анна")
    await accepted(forum, anna, "Есть розы?")
    topic = next(iter(anna.chat.topics))
    here = anna.in_topic(topic)
    here.text("/find Пётр")
    found = await anna.wait_text("🔎 Пётр")
    assert found.thread_id == topic
    await press(anna, row(found, "1. 👤 Пётр Иванов"), found)
    await press(anna, "← Назад", found)
    assert found.text.startswith("🔎 Пётр")
    here.text("Розы есть")
    petr = next(one for one in forum.world.users.values() if one.first_name == "Пётр Иванов")
    await forum.world.actor(petr, forum.shop).wait_text("Розы есть")

"""Taking a request in by hand: few steps, everything known is shown, nothing saved too early."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from crm_core.clients import commands as clients
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.posting import Post
from tests.bot.clients.scenes import press, row
from tests.bot.requests.scenes import kept
from tests.bot.rig import Rig, labels, ru
from tests.factories_requests import request

VCARD = b"BEGIN:VCARD\nFN:\xd0\x9e\xd0\xbb\xd0\xb5\xd0\xb3\nTEL:89123456789\nEND:VCARD"


async def saved() -> int:
    found: int = await db.fetchval(
        "SELECT (SELECT count(*) FROM request) + (SELECT count(*) FROM client)"
    )
    return found


async def begun(person: Person) -> None:
    person.text("/request")
    await person.wait_text("Кто обратился?")


async def test_five_steps_for_somebody_new_from_the_main_menu(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await press(anna, "➕ Принять обращение", anna.received()[-1])  # 1
    await anna.wait_text("Кто обратился?")
    anna.text("8 912 345-67-89")  # 2
    choice = await anna.wait_text("Такого человека мы ещё не знаем")
    anna.press("➕ Новый клиент", choice)  # 3
    await anna.wait_text("Как зовут человека?")
    anna.text("Олег Петров")  # 4
    await anna.wait_text("О чём обращение?")
    anna.text("Сто роз к пятнице")
    draft = await anna.wait_text("Пока ничего не сохранено")
    assert await saved() == 0
    assert "👤 Олег Петров · 📞 +7 912 345-67-89" in draft.text
    await press(anna, "✅ Беру себе", draft)  # 5
    found = await kept(rig)
    assert (found["state"], found["text"]) == ("accepted", "Сто роз к пятнице")
    assert found["responsible_id"] == found["author_id"] == (await rig.actor(anna)).id
    assert orjson.loads(found["person"]) == {"name": "Олег Петров", "phone": "+79123456789"}
    assert "У вас в работе" in draft.text
    assert draft.text.startswith("📥 🟢 Олег Петров\nЗвонок")


async def test_a_known_client_with_all_that_is_open(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    made = await clients.create(SYSTEM, name="Олег Петров", phone="+79123456789")
    await request("+79123456789", source="Сайт")
    await rig.settled()
    await begun(anna)
    anna.text("6789")
    choice = await anna.wait_text("Возможно, это кто-то из них")
    await press(anna, row(choice, "Олег Петров"), choice)
    about = await anna.wait_text("О чём обращение?")
    assert "+7 912 345-67-89" in about.text
    assert "📥 Сайт · Нужны розы" in about.text
    await press(anna, "⏭ Без слов", about)
    draft = await anna.wait_text("Пока ничего не сохранено")
    await press(anna, "🔁 Звонок", draft)
    assert "Как обратились: Лично" in draft.text
    await press(anna, "📥 В очередь", draft)
    found = await kept(rig)
    assert (found["client_id"], found["source"]) == (made.client_id, "In person")
    assert found["state"] == "new"


async def test_one_press_makes_the_client(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await begun(anna)
    anna.text("Олег Петров 8 912 345-67-89")
    choice = await anna.wait_text("Такого человека мы ещё не знаем")
    await press(anna, "➕ Новый клиент", choice)
    about = await anna.wait_text("О чём обращение?")
    await press(anna, "⏭ Без слов", about)
    draft = await anna.wait_text("Пока ничего не сохранено")
    await press(anna, "👤 В клиенты", draft)
    assert "+7 912 345-67-89" in draft.text
    assert (await kept(rig))["outcome"] == "client"
    assert await db.fetchval("SELECT name FROM client") == "Олег Петров"


async def test_one_press_hands_it_to_the_right_manager(rig: Rig) -> None:
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис", presence="off")
    await begun(anna)
    anna.text("Олег Петров 8 912 345-67-89")
    await press(anna, "➕ Новый клиент", await anna.wait_text("Такого человека"))
    await anna.wait_text("О чём обращение?")
    anna.text("Просит опт")
    draft = await anna.wait_text("Пока ничего не сохранено")
    await press(anna, "➡️ Передать", draft)
    await press(anna, row(draft, "Борис"), draft)
    told = await boris.wait_text("Просит опт")
    assert "У вас в работе" in told.text
    assert "В работе: Борис" in draft.text


@pytest.mark.parametrize("kind", ["contact", "vcard", "typed", "forward"])
async def test_a_person_met_offline_becomes_a_draft(rig: Rig, kind: str) -> None:
    """Shared without any command; the missing fields are asked, nothing is saved unconfirmed."""
    anna = await rig.employee("Анна")
    origin: dict[str, Any] = {
        "type": "user",
        "date": 1_790_000_000,
        "sender_user": {"id": 77, "is_bot": False, "first_name": "Олег"},
    }
    words = {"text": "Позвоните мне: 8 912 345-67-89"}
    match kind:
        case "contact":
            anna.contact("79123456789", "Олег")
        case "vcard":
            anna.document(VCARD, "oleg.vcf")
        case "typed":
            anna.text("8 (912) 345 67-89")
        case "forward":
            anna.put(Post(content=words, origin=origin))
    choice = await anna.wait_text("Такого человека мы ещё не знаем")
    assert "+7 912 345-67-89" in choice.text
    await press(anna, "➕ Новый клиент", choice)
    if kind == "typed":
        await anna.wait_text("Как зовут человека?")
        anna.text("Олег")
    if kind != "forward":
        await press(anna, "⏭ Без слов", await anna.wait_text("О чём обращение?"))
    draft = await anna.wait_text("Пока ничего не сохранено")
    await rig.settled()
    assert await saved() == 0
    await press(anna, "✅ Беру себе", draft)
    found = await kept(rig)
    assert orjson.loads(found["person"]) == {"name": "Олег", "phone": "+79123456789"}
    assert found["text"] == (words["text"] if kind == "forward" else "")


async def test_what_is_not_known_is_asked_and_may_stay_so(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await begun(anna)
    anna.text("Олег")
    await press(anna, "➕ Новый клиент", await anna.wait_text("Такого человека"))
    await press(anna, "⏭ Без слов", await anna.wait_text("О чём обращение?"))
    draft = await anna.wait_text("Пока неизвестно: телефон или почта")
    await press(anna, "✏️ телефон или почта", draft)
    await anna.wait_text("Какой телефон или почта?")
    anna.text("двенадцать")
    await anna.wait_text("двенадцать")
    anna.text("oleg@example.com")
    draft = await anna.wait_text("oleg@example.com")
    assert "Пока неизвестно" not in draft.text
    await press(anna, "✖️ Выбросить", draft)
    assert await saved() == 0


async def test_a_photo_is_refused_and_old_drafts_are_over(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await begun(anna)
    anna.photo()
    await anna.wait_text("Фотографии я пока не читаю")
    anna.text("Олег")
    choice = await anna.wait_text("Такого человека")
    await press(anna, "✖️ Выбросить", choice)
    anna.text("/request")
    await anna.wait_text("Кто обратился?")
    anna.text("Ольга")
    choice = await anna.wait_text("Ольга")
    await db.execute("DELETE FROM view_memory WHERE view = 'draft'")
    answer = await anna.press("➕ Новый клиент", choice).answer()
    assert answer["text"] == ru("This draft is over: begin a new one.")
    assert "➕ Новый клиент" in labels(choice)

"""The home message: one, edited in place, with counts, presence and lists."""

from __future__ import annotations

from crm_core.kernel import db
from tests.bot.rig import Rig, accepted, labels, texts
from tests.waiting import eventually


async def test_counts_follow_what_happens(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    home = await anna.wait_text("🏠 Анна")
    petr.text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    await anna.wait(lambda: "📥 Новые 1" in labels(home))
    await anna.press("✅ Принять", card).answer()
    await anna.wait(lambda: "💬 Мои 1" in labels(home) and "⏳ Ждут меня 1" in labels(home))
    anna.text("Есть", reply_to=card)
    await anna.wait(lambda: "⏳ Ждут меня 0" in labels(home))
    assert "Диалоги: 1 из 10" in home.text


async def test_presence_is_switched_right_there(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    home = await anna.wait_text("🟢 На смене")
    anna.press("🟠 Отошёл", home)
    await anna.wait(lambda: "🟠 Отошёл" in home.text)
    assert await db.fetchval("SELECT presence FROM employee") == "away"
    anna.press("⚪ Не на смене", home)
    await anna.wait_text("Выйдите на смену")
    anna.press("🟢 На смене", home)
    await anna.wait(lambda: "🟢 На смене" in home.text)
    assert texts(anna) == [home.text]


async def test_there_is_one_home_message(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    first = await anna.wait_text("🏠 Анна")
    anna.text("/home")
    await anna.wait(lambda: first.id not in anna.chat.messages)
    assert sum("🏠" in one for one in texts(anna)) == 1
    await rig.restart()
    anna.text("/home")
    await rig.settled()
    assert sum("🏠" in one for one in texts(anna)) == 1


async def test_lists_lead_to_cards_and_back(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    for number in range(9):
        rig.client(f"Клиент {number}").text(f"вопрос {number}")
    home = anna.received()[0]
    await anna.wait(lambda: "📥 Новые 9" in labels(home))
    anna.press("📥 Новые 9", home)
    await anna.wait(lambda: "9 обращений ждут" in home.text)
    assert sum("Клиент" in one for one in labels(home)) == 7
    anna.press("›", home)
    await anna.wait(lambda: sum("Клиент" in one for one in labels(home)) == 2)
    row = next(one for one in labels(home) if one.startswith("9."))
    anna.press(row, home)
    await anna.wait(lambda: "✅ Принять" in labels(home))
    anna.press("📜 История", home)
    await anna.wait(lambda: home.text.startswith("📜"))
    anna.press("← Назад", home)
    await anna.wait(lambda: "✅ Принять" in labels(home))
    anna.press("← Назад", home)
    await anna.wait(lambda: "9 обращений ждут" in home.text)
    assert sum("Клиент" in one for one in labels(home)) == 2, "the same page"
    anna.press("← Главная", home)
    await anna.wait(lambda: home.text.startswith("🏠"))


async def test_empty_lists_say_what_will_stand_there(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    anna.text("/mine")
    await anna.wait_text("У вас нет открытых диалогов")
    anna.text("/new")
    await anna.wait_text("Никто не ждёт")


async def test_every_card_keeps_to_its_size(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client(username="petr")
    card = await accepted(rig, anna, petr, "Есть розы?")
    await rig.settled()
    for message, most in ((card, 8), (anna.received()[0], 11)):
        assert len(message.text.splitlines()) <= 12
        rows = (message.markup or {})["inline_keyboard"]
        assert all(len(row) <= 3 for row in rows)
        assert sum(map(len, rows)) <= most


async def test_history_is_paged(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "слово 0")
    for number in range(1, 20):
        petr.text(f"слово {number}")
    await anna.wait_text("слово 19", timeout=15)
    await rig.settled()
    anna.press("📜 История", card)
    await anna.wait(lambda: card.text.startswith("📜"))
    assert "слово 19" in card.text
    assert "слово 11\n" not in card.text
    anna.press("‹ Раньше", card)
    await anna.wait(lambda: "слово 4" in card.text)
    anna.press("‹ Раньше", card)
    await anna.wait(lambda: "слово 0" in card.text)
    assert "‹ Раньше" not in labels(card)
    anna.press("Последние ›", card)
    await anna.wait(lambda: "слово 19" in card.text)


async def test_home_deleted_by_the_person_is_no_harm(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    anna.delete(anna.received()[0])
    petr.text("Есть розы?")
    await anna.wait_text("Есть розы?")
    await rig.settled()

    async def forgotten() -> bool:
        return not await db.fetchval("SELECT count(*) FROM view_memory WHERE view = 'home'")

    await eventually(forgotten, what="the deleted home message to be forgotten")
    anna.text("/home")
    await anna.wait_text("🏠 Анна")

"""What stays of a call: result, note, reminder, request, a new client, spam."""

from __future__ import annotations

from datetime import timedelta

from crm_core.kernel import clock, db
from crm_core.kernel.timers import Timers
from crm_core.kernel.wake import Wakeups
from tests.bot.calls.scenes import NUMBER, SHOWN, client, incoming, phone, popped, pops
from tests.bot.clients.scenes import press
from tests.bot.rig import Rig, labels, ru


async def test_result_by_one_press_and_back(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await client()
    line = await incoming("101")
    await line.answer("101")
    await line.hang_up()
    card = await popped(rig, anna)
    await press(anna, "👍 Договорились", card)
    await rig.settled()
    assert "✔️ Договорились" in card.text
    assert "👎 Отказ" not in labels(card)
    await press(anna, "↩️ Изменить итог", card)
    await rig.settled()
    assert "👎 Отказ" in labels(card)
    await press(anna, "👎 Отказ", card)
    await rig.settled()
    assert await db.fetchval("SELECT result FROM call_result") == "refused"
    assert len(pops(anna)) == 1


async def test_call_back_reminds_in_time_and_not_when_they_have_spoken(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await client()
    first = await incoming("101", key="k.1")
    await first.answer("101")
    await first.hang_up()
    card = await popped(rig, anna)
    await press(anna, "🔁 Перезвонить", card)
    assert "Когда перезвоните?" in card.text
    await press(anna, "1 час", card)
    assert "⏰ Перезвонить: " in card.text
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        await eventually_fired(rig)
        assert "⏰ Пора перезвонить" in pops(anna)[-1].text
        assert not pops(anna)[-1].silent
    assert len(pops(anna)) == 1, "it comes anew at the end of the chat, the old one goes"
    second = await incoming("101", key="k.2")
    await second.answer("101")
    await rig.settled()
    assert await db.fetchval("SELECT count(*) FROM call_result WHERE back_at IS NOT NULL") == 0


async def eventually_fired(rig: Rig) -> None:
    from app.handlers import TIMERS

    while await Timers(TIMERS, Wakeups()).step():
        pass
    await rig.settled()


async def test_own_time_is_read_or_explained(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    line = await incoming("101")
    await line.hang_up()
    card = await popped(rig, anna)
    await press(anna, "⏰ Напомнить", card)
    await press(anna, "Своё время", card)
    anna.text("когда-нибудь")
    await anna.wait_text(ru("I read times like 14:30, tomorrow 10:00 or 25.12 09:00."))
    anna.text("завтра 10:00")
    await anna.wait_text("⏰ Напомню: завтра 10:00")
    assert await db.fetchval("SELECT count(*) FROM timer WHERE kind = 'call.back'") == 1


async def test_note_stands_at_the_call_and_on_the_card(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await client()
    line = await incoming("101")
    await line.answer("101")
    card = await popped(rig, anna)
    await press(anna, "🔒 Заметка", card)
    anna.text("Просит скидку")
    await anna.wait_text(ru("Noted: only colleagues see it."))
    await line.hang_up()
    await rig.settled()
    assert "🔒 Просит скидку" in card.text
    assert await db.fetchval("SELECT text FROM client_note") == "Просит скидку"


async def test_unknown_number_becomes_a_client_with_the_name_the_pbx_says(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    earlier = await incoming("101", key="k.0")
    await earlier.hang_up()
    await rig.settled()
    await incoming("101", caller_name="Ольга Белова")
    card = await popped(rig, anna)
    assert card.text.startswith("📞 🟠 Звонит: 👤 Ольга Белова")
    assert ru("This number is on nobody's card.") in card.text
    assert labels(card) == ["➕ Новый клиент", "📥 Заявка", "🚫 Спам"]
    await press(anna, "➕ Новый клиент", card)
    asked = await anna.wait_text(f"Новый клиент с номером {SHOWN}. Напишите имя.")
    await press(anna, "✅ Ольга Белова", asked)
    await anna.wait_text("✓ Клиент добавлен: Ольга Белова")
    await rig.settled()
    assert "Ведёт: Анна" in card.text
    made = await db.fetchval("SELECT client_id FROM contact_point WHERE value = $1", NUMBER)
    assert [row["client_id"] for row in await db.fetch("SELECT client_id FROM call")] == [made] * 2


async def test_unknown_number_with_a_name_of_ones_own(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await incoming("101")
    card = await popped(rig, anna)
    await press(anna, "➕ Новый клиент", card)
    anna.text("Кафе «Липа»")
    await anna.wait_text("✓ Клиент добавлен: Кафе «Липа»")
    await rig.settled()
    assert card.text.startswith("📞 🟠 Звонит: 👤 Кафе «Липа»")


async def test_request_is_registered_and_ones_own(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    one = await client()
    line = await incoming("101")
    await line.answer("101")
    card = await popped(rig, anna)
    await press(anna, "📥 Заявка", card)
    anna.text("Букет на юбилей\nк пятнице, до 5000")
    await anna.wait_text("📥 Заявка у вас в работе: Букет на юбилей")
    row = await db.fetchrow("SELECT * FROM request")
    assert row is not None
    assert (row["kind"], row["call_id"], row["client_id"]) == ("call", await line.id, one)
    assert (row["state"], row["responsible_id"]) == ("accepted", (await rig.actor(anna)).id)
    assert (row["subject"], row["text"]) == (
        "Букет на юбилей",
        "Букет на юбилей\nк пятнице, до 5000",
    )
    await line.hang_up()
    await rig.settled()
    assert "📥 Букет на юбилей · Анна" in card.text


async def test_spam_hears_busy_until_let_through(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    line = await incoming("101")
    await line.hang_up()
    card = await popped(rig, anna)
    await press(anna, "🚫 Спам", card)
    assert ru("Blocked.") in card.text
    assert await db.fetchval("SELECT kind FROM caller_rule WHERE number = $1", NUMBER) == "blocked"
    await press(anna, "✅ Пропускать", card)
    assert await db.fetchval("SELECT count(*) FROM caller_rule") == 0
    assert "🚫 Спам" in labels(card)


async def test_to_the_client_and_back(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await client()
    line = await incoming("101")
    await line.answer("101")
    await line.hang_up()
    card = await popped(rig, anna)
    await press(anna, "👤 Клиент", card)
    assert card.text.startswith("👤 ⚪ Пётр Иванов")
    await press(anna, "← Назад", card)
    assert card.text.startswith("📞 ⚪ Входящий")

"""Lists of calls and their numbers, each by right."""

from __future__ import annotations

from crm_core.kernel.actors import Role
from sandbox.botapi.press import press_data
from tests.bot.calls.scenes import client, incoming, outgoing, phone
from tests.bot.clients.scenes import press, row
from tests.bot.rig import Rig, labels, ru


async def test_mine_missed_now_by_sevens_and_back(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await client()
    for number in range(8):
        line = await incoming("101", key=f"k.{number}")
        await line.hang_up()
    going_on = await incoming("101", key="k.now")
    await going_on.answer("101")
    await rig.settled()
    anna.text("/calls")
    found = await anna.wait_text("👤 Мои звонки")
    assert sum("Пётр" in label for label in labels(found)) == 7
    assert "📞 Все звонки" not in labels(found)
    await press(anna, "›", found)
    assert sum("Пётр" in label for label in labels(found)) == 2
    await press(anna, row(found, "9. 🔴 Пётр Иванов"), found)
    assert found.text.startswith("📞 🔴 Пропущенный звонок")
    await press(anna, "← Назад", found)
    assert sum("Пётр" in label for label in labels(found)) == 2
    await press(anna, "🔴 Пропущенные", found)
    assert sum("пропущен" in label for label in labels(found)) == 7
    await press(anna, "🟢 Сейчас", found)
    assert sum("Пётр" in label for label in labels(found)) == 1
    await press(anna, "← Главная", found)
    assert found.text.startswith("🏠 Анна")


async def test_all_calls_are_for_heads(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    head = await phone(rig, "Вера", "105", role=Role.HEAD)
    line = await incoming("101")
    await line.hang_up()
    await rig.settled()
    head.text("/calls")
    found = await head.wait_text("👤 Мои звонки")
    await press(head, "📞 Все звонки", found)
    assert sum("+7 916" in label for label in labels(found)) == 1
    answer = await press_data(anna, anna.received()[0], "tz:all:0").answer()
    assert answer["text"] == ru("You have no right to do this. Ask an administrator for it.")


async def test_numbers_by_hour_person_and_queue(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await phone(rig, "Борис", "102")
    head = await phone(rig, "Вера", "105", role=Role.HEAD)
    for number in range(3):
        line = await incoming("101", key=f"a.{number}", queue="sales")
        await line.answer("101")
        await line.hang_up(seconds=60)
    lost = await incoming("102", key="b.1", queue="sales")
    await lost.hang_up(outcome="abandoned")
    out = await outgoing("102", key="c.1")
    await out.answer("102")
    await out.hang_up(seconds=120)
    await rig.settled()
    head.text("/calls")
    found = await head.wait_text("👤 Мои звонки")
    await press(head, "📊 Показатели", found)
    assert "Входящих 4: приняли 3, пропустили 1" in found.text
    assert "Ответили за 20 с: 75% · не дождались: 1" in found.text
    assert "говорят 1:15" in found.text
    assert "Исходящих 1: дозвонились 1" in found.text
    await press(head, "По людям", found)
    table = found.text.split("\n")
    assert any(line.startswith("Анна") and line.endswith("3/0/0") for line in table)
    assert any(line.startswith("Борис") and line.endswith("1/1/1") for line in table)
    await press(head, "По очередям", found)
    assert "sales        █████████░░░ 4/1/0" in found.text
    await press(head, "7 дней", found)
    assert "📊 Звонки · 7 дней" in found.text
    anna.text("/calls")
    hers = await anna.wait_text("👤 Мои звонки")
    await press(anna, "📊 Показатели", hers)
    await press(anna, "По людям", hers)
    assert "Анна" in hers.text
    assert "Борис" not in hers.text

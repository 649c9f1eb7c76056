"""Who calls and then writes is one client, with one timeline in which the call stands."""

from __future__ import annotations

from crm_core.clients import commands as clients
from crm_core.clients.rules import ContactKind
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from tests.bot.calls.scenes import NUMBER, incoming, outgoing, phone, popped, pops
from tests.bot.clients.scenes import accepted, press
from tests.bot.rig import Rig


async def test_calls_between_words_and_the_dialog_beside_the_call(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await accepted(rig, anna, "Есть розы?")
    one = await db.fetchval("SELECT id FROM client")
    await clients.add_contact(SYSTEM, client_id=one, kind=ContactKind.PHONE, value=NUMBER)
    line = await incoming("101", key="k.1")
    await line.answer("101")
    await line.hang_up(seconds=65)
    await rig.settled()
    card = pops(anna)[-1]
    assert card.text.split("\n")[-1] == "Есть розы?"
    await press(anna, "👍 Договорились", card)
    lost = await incoming("101", key="k.2")
    await lost.hang_up()
    away = await outgoing("101", key="k.3")
    await away.hang_up(outcome="busy")
    await rig.settled()
    assert await db.fetchval("SELECT count(*) FROM client") == 1
    await press(anna, "👤 Клиент", card)
    await press(anna, "📜 Лента", card)
    told = [line for line in card.text.split("\n") if line.startswith("📞")]
    assert "входящий 1:05 · Договорились · Анна" in told[0]
    assert "пропущенный" in told[1]
    assert "исходящий, не дозвонились" in told[2]
    await press(anna, "💬 Сообщения", card)
    assert card.text.index("Есть розы?") < card.text.index("входящий 1:05")


async def test_the_call_before_this_one_stands_on_the_card(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await clients.create(SYSTEM, name="Пётр", phone=NUMBER)
    first = await incoming("101", key="k.1")
    await first.answer("101")
    await first.hang_up(seconds=125)
    await rig.settled()
    await incoming("101", key="k.2")
    card = await popped(rig, anna)
    assert "До этого: ↘️ сегодня" in card.text
    assert "2:05 · Анна" in card.text

"""Buttons of a call that goes on: every press is an order to the PBX, by rights."""

from __future__ import annotations

from crm_core.calls import orders as order_rows
from crm_core.kernel import db
from crm_core.kernel.actors import Role
from sandbox.botapi.press import press_data
from tests.bot.calls.scenes import client, incoming, orders, phone, popped
from tests.bot.clients.scenes import press, row
from tests.bot.rig import Rig, labels, ru


async def test_to_the_responsible_manager_by_one_press(rig: Rig) -> None:
    anna, boris = await phone(rig, "Анна", "101"), await phone(rig, "Борис", "102")
    await client(manager=(await rig.actor(anna)).id)
    line = await incoming("102")
    await line.answer("102")
    card = await popped(rig, boris)
    answer = await press(boris, "➡️ Перевести: Анна", card)
    assert answer["text"] == "Перевожу: Анна"
    [(verb, data)] = await orders()
    assert (verb, data["to"], data["kind"], data["extension"]) == (
        "transfer",
        "101",
        "blind",
        "102",
    )


async def test_hold_back_and_hang_up(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await client()
    line = await incoming("101")
    await line.answer("101")
    card = await popped(rig, anna)
    await press(anna, "⏸ Удержать", card)
    await line.hold(on=True)
    await rig.settled()
    await press(anna, "▶️ Вернуться", card)
    await line.hold(on=False)
    await rig.settled()
    await press(anna, "☎️ Завершить", card)
    assert [verb for verb, _ in await orders()] == ["hold", "resume", "hangup"]


async def test_to_any_colleague_at_once_or_after_a_word(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await phone(rig, "Борис", "102")
    await rig.employee("Без телефона")
    await client()
    line = await incoming("101")
    await line.answer("101")
    card = await popped(rig, anna)
    await press(anna, "🔀 Перевести", card)
    assert labels(card) == ["🟢 Борис", "💬", "← Назад"]
    await press(anna, "🟢 Борис", card)
    assert card.text.startswith("📞 🟢 Разговор")
    await press(anna, "🔀 Перевести", card)
    await press(anna, "💬", card)
    assert [(verb, data["to"], data["kind"]) for verb, data in await orders()] == [
        ("transfer", "102", "blind"),
        ("transfer", "102", "attended"),
    ]


async def test_heads_listen_in_others_can_not(rig: Rig) -> None:
    anna, boris = await phone(rig, "Анна", "101"), await phone(rig, "Борис", "102")
    head = await phone(rig, "Вера", "105", role=Role.HEAD)
    await client()
    line = await incoming("101")
    await line.answer("101")
    await rig.settled()
    head.text("/calls")
    found = await head.wait_text("👤 Мои звонки")
    await press(head, "🟢 Сейчас", found)
    await press(head, row(found, "Пётр Иванов"), found)
    assert len(labels(found)) <= 8
    await press(head, "👂 Подключиться", found)
    [(verb, data)] = await orders()
    assert (verb, data["spied"], data["extension"]) == ("listen", "101", "105")
    assert await db.fetchval("SELECT actor FROM event WHERE type = 'CallListened'") == (
        (await rig.actor(head)).key
    )
    forged = await press_data(boris, boris.received()[0], f"t:listen:{await line.id}:").answer()
    assert forged["text"] == ru("You have no right to do this. Ask an administrator for it.")
    forged = await press_data(boris, boris.received()[0], f"t:hangup:{await line.id}:").answer()
    assert forged["text"] == ru("This is a colleague's call.")
    assert len(await orders()) == 1
    assert "👂 Подключиться" not in labels(await popped(rig, anna))


async def test_too_late_says_so_and_shows_how_it_stands(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await client()
    line = await incoming("101")
    await line.answer("101")
    card = await popped(rig, anna)
    await db.execute("UPDATE call SET state = 'ended', outcome = 'answered', talk_seconds = 5")
    answer = await press(anna, "☎️ Завершить", card)
    assert answer == {"text": ru("This call is over."), "show_alert": True}
    assert card.text.startswith("📞 ⚪ Входящий")


async def test_what_the_pbx_refused_is_told(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await client()
    line = await incoming("101")
    await line.answer("101")
    card = await popped(rig, anna)
    await press(anna, "☎️ Завершить", card)
    number = await db.fetchval("SELECT max(id) FROM call_order")
    await order_rows.finish(number, order_rows.NOT_REACHED)
    await anna.wait_text(f"⚠️ {ru(order_rows.NOT_REACHED)}")


async def test_without_a_phone_in_the_pbx(rig: Rig) -> None:
    await phone(rig, "Анна", "101")
    boris = await rig.employee("Борис")
    await client(manager=(await rig.actor(boris)).id)
    await incoming("101")
    card = await popped(rig, boris)
    answer = await press(boris, "✋ Взять", card)
    assert answer["text"] == ru(
        "You have no phone in the PBX: ask an administrator to set your extension."
    )
    assert await orders() == []

"""The screen pop: who calls, while it rings, and the card that goes on to be the call's record."""

from __future__ import annotations

from crm_core.kernel import db
from crm_core.kernel.actors import Role
from tests.bot.calls.scenes import SHOWN, client, incoming, orders, outgoing, phone, popped, pops
from tests.bot.clients.scenes import accepted, press
from tests.bot.rig import Rig, labels


async def test_who_calls_while_it_rings(rig: Rig) -> None:
    """Client, contact person, manager, open dialogs and last words, before one answers."""
    anna = await phone(rig, "Анна Смирнова", "101")
    boris = await phone(rig, "Борис Орлов", "102")
    await accepted(rig, anna, "Есть розы?", name="ООО Липа", others=[boris])
    await db.execute("UPDATE employee SET presence = 'on'")
    await db.execute(
        "UPDATE client SET kind = 'company'; INSERT INTO contact_point"
        " (client_id, kind, value, created_at) VALUES (1, 'phone', '+79161234567', now())"
    )
    await incoming("102", caller_name="Ольга", did="+74950011234", queue="sales")
    card = await popped(rig, boris)
    lines = card.text.split("\n")
    assert lines[0] == "📞 🟠 Звонит: 🏢 ООО Липа"
    assert lines[1] == f"{SHOWN} · «Ольга» · на +7 495 001-12-34 · очередь sales"
    assert lines[2] == "Ведёт: Анна Смирнова 🟢 на смене"
    assert lines[3] == "Звонит у: Борис Орлов"
    assert lines[4] == "💬 🟢 Магазин · Анна Смирнова · только что"
    assert lines[-1] == "Есть розы?"
    assert len(lines) <= 12
    assert not card.silent
    assert labels(card) == [
        *("➡️ Перевести: Анна Смирнова", "👤 Клиент", "🔒 Заметка", "📥 Заявка"),
    ]


async def test_the_clients_manager_sees_it_quietly_and_may_take_it(rig: Rig) -> None:
    anna, boris = await phone(rig, "Анна", "101"), await phone(rig, "Борис", "102")
    await client(manager=(await rig.actor(anna)).id)
    await incoming("102")
    card = await popped(rig, anna)
    assert card.silent
    assert card.text.startswith("📞 🟠 Звонит: 👤 Пётр Иванов")
    await press(anna, "✋ Взять", card)
    assert [verb for verb, _ in await orders()] == ["take"]
    assert len(pops(boris)) == 1


async def test_one_card_from_ring_to_record(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await client(manager=(await rig.actor(anna)).id)
    line = await incoming("101")
    card = await popped(rig, anna)
    await line.answer("101")
    await rig.settled()
    assert card.text.startswith("📞 🟢 Разговор: 👤 Пётр Иванов")
    assert labels(card)[:3] == ["🔀 Перевести", "⏸ Удержать", "☎️ Завершить"]
    await line.hold(on=True)
    await rig.settled()
    assert card.text.startswith("📞 🟢 На удержании")
    assert "▶️ Вернуться" in labels(card)
    await line.hold(on=False)
    await line.hang_up(seconds=205)
    await rig.settled()
    assert card.text.startswith("📞 ⚪ Входящий: 👤 Пётр Иванов")
    assert "разговор 3:25" in card.text
    assert labels(card)[:3] == ["👍 Договорились", "🔁 Перезвонить", "👎 Отказ"]
    assert pops(anna) == [card], "one message from the first ring to the end"


async def test_a_colleague_was_faster(rig: Rig) -> None:
    """Nothing is left to be done: three lines, no buttons."""
    anna, boris = await phone(rig, "Анна", "101"), await phone(rig, "Борис", "102")
    await client()
    line = await incoming("101", "102")
    hers = await popped(rig, anna)
    await line.answer("102")
    await rig.settled()
    assert hers.text.split("\n")[-1].startswith("✓ Говорит: Борис")
    assert labels(hers) == []
    assert "☎️ Завершить" in labels(pops(boris)[-1])


async def test_missed_says_so_and_offers_to_call_back(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await client()
    line = await incoming("101")
    card = await popped(rig, anna)
    await line.hang_up(wait_seconds=12.0)
    await rig.settled()
    assert card.text.startswith("📞 🔴 Пропущенный звонок: 👤 Пётр Иванов")
    assert "ждал 0:12" in card.text
    await press(anna, "📞 Перезвонить", card)
    [(verb, data)] = await orders()
    assert (verb, data["number"], data["extension"]) == ("dial", "+79161234567", "101")
    assert data["origin"] == {"kind": "call", "id": await line.id}


async def test_a_ring_that_comes_late_makes_no_noise(rig: Rig) -> None:
    """The bot was away for the whole call: the record stands there, nobody is disturbed."""
    anna = await phone(rig, "Анна", "101")
    await rig.stop_bot()
    line = await incoming("101")
    await line.hang_up()
    await rig.start_bot()
    card = await popped(rig, anna)
    assert card.silent
    assert card.text.startswith("📞 🔴 Пропущенный звонок")


async def test_transferred_to_somebody_rings_at_them(rig: Rig) -> None:
    anna, boris = await phone(rig, "Анна", "101"), await phone(rig, "Борис", "102")
    await client()
    line = await incoming("101")
    await line.answer("101")
    await rig.settled()
    await line.ring("102")
    card = await popped(rig, boris)
    assert not card.silent
    assert card.text.startswith("📞 🟠 Звонит")
    assert pops(anna)[-1].text.startswith("📞 🟢 Разговор")


async def test_calls_between_colleagues_have_no_card(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    line = await incoming("101", direction="internal", number="102")
    await line.answer("101")
    await line.hang_up()
    await rig.settled()
    assert pops(anna) == []


async def test_own_outgoing_call_is_quiet(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    await client()
    line = await outgoing("101")
    card = await popped(rig, anna)
    assert card.silent
    assert card.text.startswith("📞 🟠 Звоним: 👤 Пётр Иванов")
    await line.hang_up(outcome="busy")
    await rig.settled()
    assert "занято" in card.text
    assert "📞 Перезвонить" in labels(card)


async def test_deleted_by_hand_it_does_not_come_back_for_a_change(rig: Rig) -> None:
    """What is news comes again; a card nobody wants is not forced upon them."""
    head = await phone(rig, "Вера", "105", role=Role.HEAD)
    anna = await phone(rig, "Анна", "101")
    await client(manager=(await rig.actor(head)).id)
    line = await incoming("101")
    card = await popped(rig, head)
    head.delete(card)
    await line.answer("101")
    await line.hang_up()
    await rig.settled()
    assert pops(head) == []
    assert len(pops(anna)) == 1


async def test_every_pop_is_there_under_load(rig: Rig) -> None:
    """Forty calls as fast as they can be told, at nine people: client, the caller's name and the
    manager are on the screen while each of them rings."""
    people = [await phone(rig, f"Сотрудник {n}", f"{200 + n}") for n in range(10)]
    manager = (await rig.actor(people[0])).id
    numbers = [f"+7916{n:07}" for n in range(40)]
    for number in numbers:
        await client(f"Клиент {number}", phone=number, manager=manager)
    await rig.settled()
    for place, number in enumerate(numbers):
        extension = f"{201 + place % 9}"
        await incoming(extension, key=f"load.{place}", number=number, caller_name="Ольга")

    def look() -> bool:
        shown = set()
        for one in (card for person in people[1:] for card in pops(person)):
            title, contact, owner = one.text.split("\n")[:3]
            assert title.startswith("📞 🟠 Звонит")
            assert "«Ольга»" in contact
            assert owner.startswith("Ведёт: Сотрудник 0")
            shown.add(title.partition("Клиент ")[2])
        return len(shown) == len(numbers)

    await rig.world.wait_for(look, 30)

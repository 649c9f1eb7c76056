"""The client's card: what it says, who may do what, forms, and the way back."""

from __future__ import annotations

from crm_core.clients import commands as clients
from crm_core.clients.rules import ContactKind
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Role
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.press import press_data
from sandbox.botapi.state import Message
from tests.bot.clients.scenes import accepted, card_of, client_id, press, row
from tests.bot.rig import Rig, labels, ru, texts


async def test_card_from_home_says_everything_in_twelve_lines(rig: Rig) -> None:
    anna = await rig.employee("Анна Смирнова")
    await accepted(rig, anna, "Есть розы?")
    one = await client_id("Пётр Иванов")
    for number in range(6):
        await clients.add_contact(
            SYSTEM, client_id=one, kind=ContactKind.PHONE, value=f"+7912345670{number}"
        )
    await clients.add_contact(SYSTEM, client_id=one, kind=ContactKind.EMAIL, value="p@example.com")
    actor = await rig.actor(anna)
    await clients.note(actor, client_id=one, text="Звонить после обеда")
    card = await card_of(anna, "Пётр Иванов")
    lines = card.text.split("\n")
    assert lines[0] == "👤 🟢 Пётр Иванов"
    assert lines[1] == "Ведёт: Анна Смирнова"
    assert "📞 +7 912 345-67-00" in lines
    assert "… и ещё 5" in lines
    assert "💬 🟢 Магазин · Анна Смирнова · только что" in lines
    assert "📜 1 сообщение · 1 заметка" in lines
    assert "🔒 Звонить после обеда" in lines
    assert lines[-1] == "Есть розы?"
    assert len(lines) <= 12
    assert len(labels(card)) <= 9
    assert labels(card)[-1] == "← Назад"


async def test_unreachable_channel_is_marked(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    await db.execute("UPDATE identity SET reachable = false")
    card = await card_of(anna, "Пётр Иванов")
    assert "⚠️ сюда больше не написать" in card.text


async def test_walk_of_every_button_returns(rig: Rig) -> None:
    """From the card to whatever a button opens, and *back* is the card again."""
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    one = await client_id("Пётр Иванов")
    await clients.add_contact(SYSTEM, client_id=one, kind=ContactKind.EMAIL, value="p@example.com")
    card = await card_of(anna, "Пётр Иванов")
    shown, buttons = card.text, labels(card)
    assert await _walk(anna, card, depth=3) >= {
        *("📜 Лента", "💬 Диалог", "📇 Контакты", "📋 Анкета", "🎭 Роли", "✖️ Убрать"),
        *("📜 История", "⚡ Быстрый ответ", "👤 Клиент", *FILTERS[1:]),
    }
    await press(anna, "👤 Менеджер", card)  # from what stands under *More* straight to the card
    await press(anna, "← Назад", card)
    await press(anna, "⋯ Ещё", card)
    await press(anna, "← Назад", card)
    assert card.text == shown
    assert labels(card) == buttons
    await press(anna, "← Назад", card)
    assert card.text.startswith("👤 Мои клиенты")
    await press(anna, "← Главная", card)
    assert card.text.startswith("🏠 Анна")


# Buttons that change something or ask in a message of their own: tried elsewhere.
ACTIONS = (
    *("⋯", "✏️", "🔒 Заметка", "🔗", "➕ Доб", "🔁", "Телефон", "Почта", "Другое", "Взять", "Никто"),
    *("✉️ p@", "🔹", "›"),
)
ROLES = ("клиент", "поставщик", "партнёр", "конкурент")
TO_CARD = ("👤 Менеджер",)  # its way back is the card
WORK = ("➡️", "💤", "✔️", "✍️", "➕ Доб", "🔁")
FILTERS = ("Всё", "💬 Сообщения", "🔒 Заметки", "📥 Заявки", "🗂 События", "📎 Файлы")


async def _walk(anna: Person, screen: Message, depth: int) -> set[str]:
    """Every screen below this one; each must lead back to what it was. The buttons pressed."""
    here, seen = (screen.text, labels(screen)), set[str]()
    for label in here[1]:
        if label.startswith(("←", "•")) or any(
            word in label for word in (*ACTIONS, *WORK, *ROLES, *TO_CARD)
        ):
            continue
        await press(anna, label, screen)
        seen.add(label)
        if label in FILTERS:
            assert f"• {label}" in labels(screen)
            await press(anna, row(screen, here[1][0].removeprefix("• ")), screen)
        else:
            if depth > 1:
                seen |= await _walk(anna, screen, depth - 1)
            await press(anna, "← Назад", screen)
        assert (screen.text, labels(screen)) == here, label
    return seen


async def test_dialog_card_to_client_and_back(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    card = await accepted(rig, anna, "Есть розы?")
    await press(anna, "👤 Клиент", card)
    assert card.text.startswith("👤 🟢 Пётр Иванов")
    await press(anna, "💬 Диалог", card)
    assert "⚡ Быстрый ответ" in labels(card)
    await press(anna, "← Назад", card)
    assert card.text.startswith("👤 🟢 Пётр Иванов")
    await press(anna, "← Назад", card)
    assert card.text.startswith("💬 🟢 Пётр Иванов")


async def test_rename_edits_the_card_in_place(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, "📋 Анкета", card)
    await press(anna, "✏️ Имя", card)
    await anna.wait_text(ru("Write the new name."))
    anna.text("x" * 201)
    await anna.wait_text(ru("A name has from 1 to %(most)s characters.", most=200))
    anna.text("Пётр  Сидоров")
    await anna.wait_text("✓ Новое имя: Пётр Сидоров")
    assert card.text.startswith("👤 🟢 Пётр Сидоров")
    assert "👤 Клиент" in labels(await _latest_dialog_card(anna))


async def _latest_dialog_card(anna: Person) -> Message:
    return next(one for one in reversed(anna.received()) if "⚡ Быстрый ответ" in labels(one))


async def test_contacts_wrong_then_right_then_off_and_back(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, "📇 Контакты", card)
    await press(anna, "📞 Телефон", card)
    anna.text("12")
    await anna.wait_text("12")
    await rig.settled()
    assert await db.fetchval("SELECT count(*) FROM contact_point") == 0
    anna.text("8 (912) 345-67-89")
    await anna.wait_text("✓ Добавлено: +7 912 345-67-89")
    assert "📞 +7 912 345-67-89" in card.text
    await press(anna, "✉️ Почта", card)
    anna.text("Petr@Example.com")
    await anna.wait_text("✓ Добавлено: petr@example.com")
    await press(anna, "✖️ Убрать", card)
    await press(anna, "📞 +7 912 345-67-89", card)
    assert "+7 912" not in card.text
    await press(anna, "↩️ Вернуть", card)
    assert "📞 +7 912 345-67-89" in card.text
    assert "↩️ Вернуть" not in labels(card)


async def test_same_contact_elsewhere_is_told_with_the_way_to_merge(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    await clients.create(SYSTEM, name="Петя", phone="+7 912 345-67-89")
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, "📇 Контакты", card)
    await press(anna, "📞 Телефон", card)
    anna.text("89123456789")
    told = await anna.wait_text("⚠️ Этот же контакт есть на карточке: 👤 Петя")
    await press(anna, "🔗 Сравнить: Петя", told)
    assert ru("Merge two cards?") in told.text


async def test_note_and_restart_in_the_middle_of_the_form(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, "🔒 Заметка", card)
    await anna.wait_text(ru("Write the note: it never leaves the house."))
    await rig.restart()
    anna.text("Любит пионы")
    await anna.wait_text(ru("Noted on the card: the client does not see it."))
    assert "🔒 Любит пионы" in card.text
    assert await db.fetchval("SELECT text FROM client_note") == "Любит пионы"
    assert await db.fetchval("SELECT count(*) FROM message WHERE direction <> 'in'") == 0


async def test_manager_to_a_person_to_nobody_to_myself(rig: Rig) -> None:
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис", presence="off")
    await accepted(rig, anna, "Есть розы?")
    card = await card_of(anna, "Пётр Иванов")
    manager = "SELECT manager_id FROM client"
    await press(anna, "📋 Анкета", card)
    await press(anna, "👤 Менеджер", card)
    assert "✋ Взять себе" not in labels(card)
    await press(anna, "⚪ Борис", card)
    assert "Ведёт: Борис" in card.text
    assert await db.fetchval(manager) == (await rig.actor(boris)).id
    await press(anna, "📋 Анкета", card)
    await press(anna, "👤 Менеджер", card)
    await press(anna, "Никто", card)
    assert ru("Nobody looks after this client yet.") in card.text
    await press(anna, "📋 Анкета", card)
    await press(anna, "👤 Менеджер", card)
    await press(anna, "✋ Взять себе", card)
    assert await db.fetchval(manager) == (await rig.actor(anna)).id


async def test_my_clients_by_sevens(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    actor = await rig.actor(anna)
    home = anna.received()[0]
    await press(anna, "👤 Мои клиенты 0", home)
    assert "клиент станет вашим" in home.text
    for number in range(9):
        await clients.create(actor, name=f"Клиент {number}")
    await press(anna, "← Главная", home)
    await press(anna, "👤 Мои клиенты 9", home)
    assert sum("Клиент" in label for label in labels(home)) == 7
    await press(anna, "›", home)
    shown = [label for label in labels(home) if "Клиент" in label]
    assert [label[:2] for label in shown] == ["8.", "9."]
    await press(anna, shown[1], home)
    await press(anna, "← Назад", home)
    assert [label for label in labels(home) if "Клиент" in label] == shown
    assert len(texts(anna)) == 1, "all of it happened in the one home message"


async def test_outdated_and_forged_buttons(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    card = await card_of(anna, "Пётр Иванов")
    answer = await press_data(anna, card, "c:card:999:").answer()
    assert answer == {"text": ru("There is no such client."), "show_alert": True}
    one = await client_id("Пётр Иванов")
    answer = await press_data(anna, card, f"cc:drop:{one}:77:").answer()
    assert answer == {"text": ru("This contact is no longer on the card."), "show_alert": True}
    answer = await press_data(anna, card, f"ct:{one}:a:zz:").answer()
    assert answer["text"] == ru("This button is outdated: open the timeline again.")
    await press_data(anna, card, f"c:card:{one}:kzzz.!.d").answer()
    assert card.text.startswith("👤 🟢 Пётр Иванов")


async def test_words_of_a_colleagues_dialog_stay_hidden(rig: Rig) -> None:
    """A card is everybody's; what was said in somebody else's dialog is not."""
    anna, oleg = await rig.employee("Анна"), await rig.employee("Олег", role=Role.OPERATOR)
    await accepted(rig, anna, "Тайный вопрос", others=[oleg])
    await db.execute("DELETE FROM queue_member WHERE employee_id = $1", (await rig.actor(oleg)).id)
    oleg.text("/find Пётр")
    found = await oleg.wait_text("🔎 Пётр")
    await press(oleg, row(found, "👤 Пётр Иванов"), found)
    assert "Тайный" not in found.text
    assert "(диалог коллеги)" in found.text
    await press(oleg, "📜 Лента", found)
    assert "Тайный" not in found.text
    assert "Диалог принят: Анна" in found.text

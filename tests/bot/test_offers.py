"""New dialogs: who is asked, who wins, what the others see; presses that come late or twice."""

from __future__ import annotations

import asyncio

import pytest

from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.staff import commands as staff
from sandbox.botapi.press import press_data
from tests import factories
from tests.bot.rig import Rig, labels, ru, texts
from tests.waiting import eventually


async def everyone(rig: Rig) -> None:
    """The queue shows new dialogs to all; the first takes it."""
    await factories.queue(strategy="everyone")


@pytest.mark.feature("REQ-05")
async def test_race_has_one_winner_and_the_others_see_who(rig: Rig) -> None:
    await everyone(rig)
    people = [await rig.employee(name) for name in ("Анна", "Борис", "Вера")]
    rig.client().text("Здравствуйте, есть розы?")
    cards = [await person.wait_text("есть розы?") for person in people]
    pairs = list(zip(people, cards, strict=True))
    presses = [person.press("✅ Принять", card) for person, card in pairs]
    answers = [await press.answer() for press in presses]
    won = [n for n, answer in enumerate(answers) if "Диалог ваш" in answer["text"]]
    assert len(won) == 1
    dialog = await rig.dialog()
    winner = people[won[0]]
    assert dialog["assignee_id"] == (await rig.actor(winner)).id
    await rig.settled()
    name = (await rig.actor(winner)).name
    for number, (_, card) in enumerate(pairs):
        shown = card.text
        if number in won:
            assert "⚡ Быстрый ответ" in labels(card)
        else:
            assert answers[number]["text"] == ru(
                "%(name)s has already taken this dialog.", name=name
            )
            assert answers[number]["show_alert"]
            assert f"Диалог у сотрудника: {name}" in shown
            assert "✅ Принять" not in labels(card)
    accepted = await db.fetchval("SELECT count(*) FROM event WHERE type = 'DialogAccepted'")
    assert accepted == 1


async def test_double_press_and_duplicate_update_do_nothing_twice(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    rig.client().text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    queue = rig.world.queues[rig.desk.id]
    queue.duplicate_next()
    first = anna.press("✅ Принять", card)
    second = press_data(anna, card, f"d:accept:{(await rig.dialog())['id']}:0:")
    assert "Диалог ваш" in (await first.answer())["text"]
    assert "Диалог ваш" in (await second.answer())["text"]
    await rig.settled()
    accepted = await db.fetchval("SELECT count(*) FROM event WHERE type = 'DialogAccepted'")
    assert accepted == 1
    assert sum("Есть розы?" in text for text in texts(anna)) == 1, "never two notices for one fact"


async def test_declined_goes_to_the_next_at_once(rig: Rig) -> None:
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис")
    rig.client().text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    anna.press("✖️ Отказаться", card)
    await boris.wait_text("Есть розы?")
    await anna.wait_text("предложен: Борис")
    assert "✖️ Отказаться" not in labels(card)


async def test_why_me_is_told_in_words(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    rig.client().text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    answer = await anna.press("❔ Почему я?", card).answer()
    assert answer["show_alert"]
    assert "У вас меньше всего открытых диалогов (0)" in answer["text"]


async def test_outdated_and_forged_buttons_show_the_truth(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    rig.client().text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    answer = await press_data(anna, card, "x:from:an:older:version").answer()
    assert answer["text"].startswith("Кнопка устарела")
    anna.press("✅ Принять", card)
    await anna.wait_text("Ждёт вашего ответа")
    # What was seen is no longer so: the dialog's version has grown.
    answer = await press_data(anna, card, f"d:give:{(await rig.dialog())['id']}:1:").answer()
    assert answer["text"].startswith("Тем временем что-то изменилось")
    assert "➡️ Передать" in labels(card)
    home = anna.received()[0]
    assert (await press_data(anna, home, "h:nowhere").answer())["text"].startswith("Кнопка")


async def test_forged_dialog_of_somebody_else_is_refused(rig: Rig) -> None:
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис")
    await staff.save_queue(
        SYSTEM, name="Продажи", members=[(await rig.actor(anna)).id], strategy="everyone"
    )
    rig.client().text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    number = (await rig.dialog())["id"]
    home = boris.received()[0]
    for data in (f"d:accept:{number}:0:", f"d:card:{number}:0:", f"dh:{number}:0:"):
        answer = await press_data(boris, home, data).answer()
        assert answer == {"text": ru("This dialog is with somebody else."), "show_alert": True}
    assert not any("розы" in text for text in texts(boris))
    assert "✅ Принять" in labels(card)


async def test_offer_lives_through_a_restart(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    rig.client().text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    await rig.stop_bot()
    press = anna.press("✅ Принять", card)
    await rig.start_bot()
    assert "Диалог ваш" in (await press.answer())["text"]
    await anna.wait_text("Ждёт вашего ответа")


async def test_late_words_change_the_waiting_card(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    petr = rig.client()
    petr.text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    petr.text("И тюльпаны")
    await anna.wait_text("И тюльпаны")
    assert "И тюльпаны" in card.text
    anna.press("✅ Принять", card)
    notice = await anna.wait_text("👤 Пётр Иванов")
    await rig.settled()
    found = [one for one in anna.received() if "Есть розы?" in one.text and one.id != card.id]
    assert len(found) == 1, "the words the card does not show come in one notice"
    assert found[0].silent
    assert "И тюльпаны" in found[0].text
    assert notice


async def test_everybody_off_shift_then_the_first_to_come_gets_it(rig: Rig) -> None:
    anna = await rig.employee("Анна", presence="off")
    rig.client().text("Есть розы?")
    await rig.settled()
    assert not any("розы" in text for text in texts(anna))
    anna.press("🟢 На смене")
    await anna.wait_text("Есть розы?")


async def test_many_races(rig: Rig) -> None:
    """Several dialogs at once, all pressed by all: each has one owner, nobody two notices."""
    await everyone(rig)
    people = [await rig.employee(name) for name in ("Анна", "Борис")]
    for number in range(5):
        rig.client(f"Клиент {number}").text(f"вопрос-{number}")
    for person in people:
        for number in range(5):
            await person.wait_text(f"вопрос-{number}")
    await rig.settled()
    presses = [
        person.press("✅ Принять", card)
        for person in people
        for card in person.received()
        if "вопрос-" in card.text
    ]
    answers = await asyncio.gather(*(press.answer() for press in presses))
    assert sum("Диалог ваш" in answer["text"] for answer in answers) == 5
    await rig.settled()
    owners = await db.fetchval("SELECT count(*) FROM dialog WHERE assignee_id IS NOT NULL")
    assert owners == 5

    async def consistent() -> bool:
        mine = sum("⚡" in label for p in people for m in p.received() for label in labels(m))
        return mine == 5

    await eventually(consistent, what="every dialog to be workable by one person")

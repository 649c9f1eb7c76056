"""Possible duplicates in the bot: on cards, in the list, compared, merged with chosen values."""

from __future__ import annotations

import pytest

from crm_core.clients import commands as clients
from crm_core.clients.rules import ContactKind
from crm_core.duplicates import scanning
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Role
from sandbox.botapi.press import press_data
from tests.bot.clients.scenes import accepted, card_of, client_id, fresh_home, press, row
from tests.bot.rig import Rig, labels, ru, texts

PHONE = "+79123456789"
CARDS = "SELECT id, name, manager_id, merged_into_id FROM client ORDER BY id"


async def twins(rig: Rig, name: str = "Ёлкин Пётр Ильич") -> int:
    """A card with the phone that the client of the dialog has as well."""
    other = await clients.create(SYSTEM, name=name, phone=PHONE)
    petr = await client_id("Пётр Ёлкин")
    await clients.add_contact(SYSTEM, client_id=petr, kind=ContactKind.PHONE, value=PHONE)
    await scanning.drain()
    await rig.settled()
    return other.client_id


@pytest.mark.feature("CLI-11")
async def test_the_card_lists_duplicates_with_reason_and_merge_button(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?", name="Пётр Ёлкин")
    await twins(rig)
    card = await card_of(anna, "Пётр Ёлкин")
    line = "👥 Возможно, тот же клиент: Ёлкин Пётр Ильич (тот же телефон +7 912 345-67-89)"
    assert line in card.text
    assert len(card.text.splitlines()) <= 12
    await press(anna, "👥 Сравнить: Ёлкин Пётр Ильич", card)
    assert "тот же телефон +7 912 345-67-89; одно имя — часть другого" in card.text
    await press(anna, "🔗 Объединить", card)
    assert "✓ «Ёлкин Пётр Ильич» теперь часть карточки «Пётр Ёлкин»." in card.text
    card = await card_of(anna, "Пётр Ёлкин")
    assert not any("👥" in label for label in labels(card))


@pytest.mark.feature("CLI-10")
async def test_values_are_chosen_nothing_is_lost_and_undo_restores(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?", name="Пётр Ёлкин")
    oleg = await rig.employee("Олег")
    other = await twins(rig)
    await clients.note(SYSTEM, client_id=other, text="Любит чай")
    who = (await rig.actor(oleg)).id
    await clients.set_manager(SYSTEM, client_id=other, manager_id=who)
    before = [dict(one) for one in await db.fetch(CARDS)]
    card = await card_of(anna, "Пётр Ёлкин")
    await press(anna, row(card, "👥 Сравнить"), card)
    assert {"⇄ Имя: Пётр Ёлкин", "⇄ Менеджер: Анна"} <= set(labels(card))
    await press(anna, "⇄ Имя: Пётр Ёлкин", card)
    await press(anna, "⇄ Менеджер: Анна", card)
    assert {"⇄ Имя: Ёлкин Пётр Ильич", "⇄ Менеджер: Олег"} <= set(labels(card))
    await press(anna, "⇄ Имя: Ёлкин Пётр Ильич", card)
    await press(anna, "⇄ Оставить другую", card)
    assert {"⇄ Имя: Пётр Ёлкин", "⇄ Менеджер: Олег"} <= set(labels(card)), "the choice stays"
    await press(anna, "⇄ Оставить другую", card)
    await press(anna, "🔗 Объединить", card)
    petr = await client_id("Пётр Ёлкин")
    assert await db.fetchval("SELECT manager_id FROM client WHERE id = $1", petr) == who
    lost = "SELECT count(*) FROM {} t JOIN client c ON c.id = t.client_id WHERE {}"
    for table in ("identity", "dialog", "message", "client_note"):
        where = "c.merged_into_id IS NOT NULL"
        assert await db.fetchval(lost.format(table, where)) == 0, table
    await press(anna, "↩️ Отменить объединение", card)
    assert [dict(one) for one in await db.fetch(CARDS)] == before
    note = "SELECT client_id FROM client_note"
    assert await db.fetchval(note) == other


async def test_whoever_works_with_the_dialog_is_told_once(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?", name="Пётр Ёлкин")
    other = await twins(rig)
    notice = await anna.wait_text("Возможно, это один клиент: Пётр Ёлкин и Ёлкин Пётр Ильич")
    assert "тот же телефон +7 912 345-67-89" in notice.text
    card = next(one for one in anna.received() if "⚡ Быстрый ответ" in labels(one))
    assert "👥 Возможно, тот же клиент: Ёлкин Пётр Ильич" in card.text
    assert row(card, "👥 Сравнить")
    assert sum(map(len, (card.markup or {})["inline_keyboard"])) <= 8
    await clients.rename(SYSTEM, client_id=other, name="Ёлкин П. И.")
    await scanning.drain()
    await rig.settled()
    assert sum("это один клиент" in text for text in texts(anna)) == 1
    await press(anna, "✖️ Разные клиенты", notice)
    assert "больше не предлагаются" in notice.text
    await scanning.look([other])
    assert await db.fetchval("SELECT state FROM duplicate_pair") == "dismissed"
    await press(anna, "🔗 Сравнить ещё раз", notice)
    assert "Объединить две карточки?" in notice.text


async def test_a_contact_shared_in_one_channel_finds_the_person_of_another(rig: Rig) -> None:
    """Nothing is merged by itself."""
    anna = await rig.employee("Анна")
    await clients.create(SYSTEM, name="Пётр Ёлкин", phone=PHONE)
    person = rig.client("petr_elkin")
    person.text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    person.contact(PHONE, "petr_elkin", user_id=person.user.id)
    await rig.settled()
    assert await scanning.drain()
    await rig.settled()
    assert "👥 Возможно, тот же клиент: Пётр Ёлкин (тот же телефон" in card.text
    assert await db.fetchval("SELECT count(*) FROM client WHERE merged_into_id IS NULL") == 2


async def test_the_list_the_surest_first(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?", name="Пётр Ёлкин")
    await twins(rig)
    for name in ("Кузнецов Дмитрий Сергеевич", "Кузницов Дмитрий Сергеевич"):
        await clients.create(SYSTEM, name=name)
    await scanning.drain()
    await rig.settled()
    home = await fresh_home(anna)
    await press(anna, row(home, "👤 Мои клиенты"), home)
    await press(anna, "👥 Возможные дубли 2", home)
    pairs = [label for label in labels(home) if "≈" in label]
    assert [label.rpartition(" · ")[2] for label in pairs] == ["90 %", "72 %"]
    await press(anna, pairs[1], home)
    assert "Кузницов Дмитрий Сергеевич" in home.text
    await press(anna, "✖️ Разные клиенты", home)
    await press(anna, "← Назад", home)
    assert "1 пара" in home.text


async def test_operators_see_nothing_of_it(rig: Rig) -> None:
    oleg = await rig.employee("Олег", role=Role.OPERATOR)
    await accepted(rig, oleg, "Есть розы?", name="Пётр Ёлкин")
    other = await twins(rig)
    card = await card_of(oleg, "Пётр Ёлкин")
    assert "👥" not in card.text
    assert not any("👥" in label or "один клиент" in label for label in labels(card))
    assert not any("один клиент" in text for text in texts(oleg))
    refusal = ru("You have no right to do this. Ask an administrator for it.")
    one = await client_id("Пётр Ёлкин")
    for data in (f"cv:take:{one}:{other}:1:", f"cv:merge:{one}:{other}:0:", "cx:0"):
        answer = await press_data(oleg, card, data).answer()
        assert answer == {"text": refusal, "show_alert": True}
    answer = await press_data(oleg, card, f"cv:two:{one}:{other}:0:").answer()
    assert answer == {"text": refusal, "show_alert": True}

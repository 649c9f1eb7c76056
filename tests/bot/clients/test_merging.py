"""Two cards become one and apart again: pick, compare, undo, rights, outdated buttons."""

from __future__ import annotations

from crm_core.clients import commands as clients
from crm_core.clients import merging
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Role
from sandbox.botapi.press import press_data
from tests.bot.clients.scenes import accepted, card_of, client_id, press, row
from tests.bot.rig import Rig, labels, ru, texts

STATE = """
SELECT (SELECT jsonb_agg(c ORDER BY c.id) FROM (SELECT id, name, merged_into_id FROM client) c)
  || (SELECT jsonb_agg(p ORDER BY p.id) FROM (SELECT id, client_id FROM contact_point) p)
  || (SELECT jsonb_agg(m ORDER BY m.id) FROM (SELECT id, client_id FROM message) m)
  || (SELECT jsonb_agg(d ORDER BY d.id) FROM (SELECT id, client_id FROM dialog) d)
"""


async def test_pick_compare_merge_undo(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    await clients.create(SYSTEM, name="Садовник", phone="+7 912 345-67-89")
    before = await db.fetchval(STATE)
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, "🔗 Объединить", card)
    await anna.wait_text("С какой карточкой?")
    anna.text("никакого такого")
    await anna.wait_text("Другой карточки по запросу «никакого такого» нет")
    anna.text("8 912 345 67 89")
    choice = await anna.wait_text("Выберите карточку для сравнения.")
    await press(anna, row(choice, "Садовник"), choice)
    assert ru("Merge two cards?") in choice.text
    stays, goes = (
        choice.text.index("Останется: 👤 Пётр"),
        choice.text.index("Вольётся в неё: 👤 Сад"),
    )
    assert stays < goes
    assert "📞 +7 912 345-67-89" in choice.text
    assert "Станет одна карточка: все каналы, сообщения (1)" in choice.text
    await press(anna, "🔗 Объединить", choice)
    assert "✓ «Садовник» теперь часть карточки «Пётр Иванов»." in choice.text
    gone = await client_id("Садовник")
    kept = await client_id("Пётр Иванов")
    merged = await db.fetchval("SELECT merged_into_id FROM client WHERE id = $1", gone)
    assert merged == kept
    await press(anna, "↩️ Отменить объединение", choice)
    assert "Снова две карточки" in choice.text
    assert await db.fetchval(STATE) == before
    await press(anna, "👤 Садовник", choice)
    assert choice.text.startswith("👤 ⚪ Садовник")


async def test_likely_cards_are_offered_and_the_other_one_may_stay(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    await clients.create(SYSTEM, name="Иванов Петр")
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, "🔗 Объединить", card)
    prompt = await anna.wait_text("Похожие карточки:")
    await press(anna, row(prompt, "Иванов Петр"), prompt)
    await press(anna, "⇄ Оставить другую", prompt)
    assert "Останется: 👤 Иванов Петр" in prompt.text
    await press(anna, "🔗 Объединить", prompt)
    kept = await db.fetchval("SELECT merged_into_id FROM client WHERE name = 'Пётр Иванов'")
    assert kept == await client_id("Иванов Петр")
    anna.text("не ответ на форму")
    await anna.wait_text(
        ru("To whom? Answer a message of the client, choose a dialog, or write /find and a name.")
    )


async def test_undo_stands_with_the_card_later_on(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    one = await clients.create(SYSTEM, name="Садовник")
    await merging.merge(SYSTEM, kept_id=await client_id("Пётр Иванов"), gone_id=one.client_id)
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, "🔗 Объединить", card)
    prompt = await anna.wait_text("Садовник")
    await press(anna, "↩️ Разъединить: Садовник", prompt)
    assert await db.fetchval("SELECT count(*) FROM client WHERE merged_into_id IS NOT NULL") == 0


async def test_second_press_and_outdated_compare(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    one = await clients.create(SYSTEM, name="Иванов Петр")
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, "🔗 Объединить", card)
    prompt = await anna.wait_text("Похожие карточки:")
    await press(anna, row(prompt, "Иванов Петр"), prompt)
    kept = await client_id("Пётр Иванов")
    done = await merging.merge(SYSTEM, kept_id=kept, gone_id=one.client_id)
    answer = await press(anna, "🔗 Объединить", prompt)
    assert answer["text"] == ru("One of these cards has been merged meanwhile. Open it again.")
    assert prompt.text.startswith("👤 🟢 Пётр Иванов"), "the outdated screen shows the truth"
    await merging.unmerge(SYSTEM, merge_id=done.merge_id)
    answer = await press_data(anna, card, f"cm:undo:{kept}:{done.merge_id}:").answer()
    assert answer["text"] == ru("This merge has already been undone.")


async def test_operator_may_not_merge(rig: Rig) -> None:
    oleg = await rig.employee("Олег", role=Role.OPERATOR)
    await accepted(rig, oleg, "Есть розы?")
    other = await clients.create(SYSTEM, name="Иванов Петр")
    card = await card_of(oleg, "Пётр Иванов")
    assert not any("🔗" in label for label in labels(card))
    one = await client_id("Пётр Иванов")
    refusal = ru("You have no right to do this. Ask an administrator for it.")
    for data in (
        f"c:merge:{one}:",
        f"cm:compare:{one}:{other.client_id}:",
        f"cm:merge:{one}:{other.client_id}:",
        f"cm:undo:{one}:1:",
    ):
        answer = await press_data(oleg, card, data).answer()
        assert answer == {"text": refusal, "show_alert": True}
    assert await db.fetchval("SELECT count(*) FROM client_merge") == 0


async def test_restart_in_the_middle_of_picking(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    await clients.create(SYSTEM, name="Садовник")
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, "🔗 Объединить", card)
    await anna.wait_text("С какой карточкой?")
    await rig.restart()
    anna.text("садовнек")
    choice = await anna.wait_text("Выберите карточку для сравнения.")
    assert row(choice, "Садовник")
    assert not any("Кому?" in text for text in texts(anna))

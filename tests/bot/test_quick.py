"""Quick replies: two presses to send, files with them, corrected first if wanted."""

from __future__ import annotations

from typing import Any

import pytest

from crm_core.dialogs import quick
from crm_core.dialogs.replies import FileIn
from crm_core.files.store import store
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from sandbox.botapi.press import press_data
from tests.bot.rig import Rig, accepted, labels, texts


async def price_list() -> FileIn:
    async def chunks() -> Any:
        yield b"%PDF-1.4 prices"

    kept = await store().put(chunks(), limit=1000)
    return FileIn(sha=kept.sha, name="Прайс.pdf", mime="application/pdf", size=kept.size)


async def prepared() -> None:
    await quick.add(
        SYSTEM,
        title="Прайс",
        text="{client_first}, вот наш прайс. С уважением, {manager}",
        files=[await price_list()],
        shared=True,
    )
    await quick.add(SYSTEM, title="Доставка", text="Везём за 2 часа", shared=True)


@pytest.mark.feature("REQ-08")
async def test_two_presses_send_with_placeholders_and_file(rig: Rig) -> None:
    await prepared()
    anna, petr = await rig.employee("Анна Смирнова"), rig.client()
    card = await accepted(rig, anna, petr, "Сколько стоит?")
    anna.press("⚡ Быстрый ответ", card)
    await anna.wait(lambda: "📎 Прайс" in labels(card))
    press = anna.press("📎 Прайс", card)
    shown = await petr.wait_text("Пётр, вот наш прайс. С уважением, Анна Смирнова")
    assert petr.file(shown) == b"%PDF-1.4 prices"
    assert (await press.answer())["text"] == "✓ Отправляется"
    await rig.settled()
    assert "⚡ Быстрый ответ" in labels(card), "the card is back"
    copy = next(one for one in anna.received() if "вот наш прайс" in one.text and one.id > card.id)
    assert copy.reactions[rig.desk.id] == [{"type": "emoji", "emoji": "👌"}]
    anna.text("Звоните", reply_to=copy)
    await petr.wait_text("Звоните")
    await rig.settled()  # the card is drawn anew after each answer
    # Edited before sending: the corrected text goes out, with the same file.
    anna.press("⚡ Быстрый ответ", card)
    await anna.wait(lambda: "📎 Прайс" in labels(card))
    anna.press(f"dq:edit:{(await rig.dialog())['id']}:1:", card)
    form = await anna.wait_text("Нажмите на текст, чтобы скопировать")
    assert "вот наш прайс" in form.text
    anna.text("Пётр Сергеевич, вот новый прайс")
    changed = await petr.wait_text("Пётр Сергеевич, вот новый прайс")
    assert petr.file(changed) == b"%PDF-1.4 prices"


async def test_form_can_be_cancelled(rig: Rig) -> None:
    await prepared()
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Сколько стоит?")
    anna.press("⚡ Быстрый ответ", card)
    await anna.wait(lambda: "Доставка" in labels(card))
    press_data(anna, card, f"dq:edit:{(await rig.dialog())['id']}:2:")
    form = await anna.wait_text("Нажмите на текст")
    anna.photo()
    await anna.wait_text("Пришлите исправленный текст")
    await anna.press("✖️ Отмена", form).answer()
    anna.text("Это никому")
    await anna.wait_text("Кому?")
    await rig.settled()
    assert texts(petr) == []
    assert labels(form) == []


async def test_pressed_twice_by_one_update_is_sent_once(rig: Rig) -> None:
    await prepared()
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть доставка?")
    anna.press("⚡ Быстрый ответ", card)
    await anna.wait(lambda: "Доставка" in labels(card))
    rig.world.queues[rig.desk.id].duplicate_next(2)
    anna.press("Доставка", card)
    await petr.wait_text("Везём за 2 часа")
    await rig.settled()
    assert texts(petr) == ["Везём за 2 часа"]
    assert await db.fetchval("SELECT count(*) FROM message WHERE direction = 'out'") == 1


async def test_many_are_paged(rig: Rig) -> None:
    for number in range(9):
        await quick.add(SYSTEM, title=f"Ответ {number}", text="текст", shared=True)
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Вопрос")
    anna.press("⚡ Быстрый ответ", card)
    await anna.wait(lambda: "Ответ 6" in labels(card))
    assert "Ответ 7" not in labels(card)
    anna.press("›", card)
    await anna.wait(lambda: "Ответ 8" in labels(card))
    anna.press("← Назад", card)
    await anna.wait(lambda: "⚡ Быстрый ответ" in labels(card))

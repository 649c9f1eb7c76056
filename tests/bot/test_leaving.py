"""Handing over, putting off, closing, coming back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from crm_core.kernel import clock, db, wake
from crm_core.kernel.timers import TOPIC
from tests import factories
from tests.bot.rig import Rig, accepted, labels, texts
from tests.waiting import eventually


@pytest_asyncio.fixture(loop_scope="session")
async def moved_clock() -> AsyncIterator[None]:
    """The clock goes back to where it was."""
    before = clock._clock._shift
    yield
    clock._clock._shift = before


async def state() -> tuple[str, int | None]:
    row = await db.fetchrow("SELECT state, assignee_id FROM dialog ORDER BY id DESC LIMIT 1")
    assert row is not None
    return row["state"], row["assignee_id"]


async def test_to_a_colleague_with_a_comment(rig: Rig) -> None:
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис")
    petr = rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    anna.press("➡️ Передать", card)
    await anna.wait(lambda: any("Борис" in one for one in labels(card)))
    anna.press(next(one for one in labels(card) if "Борис" in one), card)
    await anna.wait_text("Напишите комментарий коллеге")
    anna.text("постоянный клиент, скидка 5 %")
    news = await boris.wait_text("Есть розы?")
    assert not news.silent
    assert "⚡ Быстрый ответ" in labels(news)
    note = await boris.wait_text("скидка 5 %")
    assert "🔒 Анна" in note.text
    await rig.settled()
    assert "Диалог у сотрудника: Борис" in card.text
    anna.text("ещё кое-что", reply_to=card)
    await eventually(lambda: _refused(anna), what="the refusal")
    boris.text("Теперь с вами Борис", reply_to=news)
    await petr.wait_text("Теперь с вами Борис")
    await rig.settled()
    assert texts(petr) == ["Теперь с вами Борис"]


async def _refused(person: object) -> bool:
    from tests.bot.rig import ru

    return ru("This dialog is with somebody else.") in texts(person)  # type: ignore[arg-type]


async def test_to_a_queue_without_a_comment(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    petr = rig.client()
    card = await accepted(rig, anna, petr, "Нужен монтаж")
    support = await factories.queue("Монтаж", strategy="everyone")
    boris = await rig.employee("Борис")
    await db.execute(
        "INSERT INTO queue_member (queue_id, employee_id) VALUES ($1, $2)",
        support,
        (await rig.actor(boris)).id,
    )
    anna.press("➡️ Передать", card)
    await anna.wait(lambda: any("Монтаж" in one for one in labels(card)))
    anna.press(next(one for one in labels(card) if "Монтаж" in one), card)
    await anna.wait_text("Напишите комментарий коллеге")
    anna.press("➡️ Без комментария")
    offered = await boris.wait_text("Нужен монтаж")
    await boris.press("✅ Принять", offered).answer()
    await rig.settled()
    assert (await state()) == ("open", (await rig.actor(boris)).id)


async def test_snoozed_comes_back_by_itself(rig: Rig, moved_clock: None) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Завтра решу")
    anna.press("💤 Отложить", card)
    await anna.wait(lambda: "1 час" in labels(card))
    anna.press("1 час", card)
    await anna.wait_text("💤 Отложен до")
    assert (await state())[0] == "snoozed"
    await rig.settled()
    clock.advance(timedelta(minutes=61))
    await wake.notify(TOPIC)
    back = await anna.wait(
        lambda: next(
            (one for one in anna.received() if one.id > card.id and "💬" in one.text), None
        )
    )
    assert back is not None
    assert not back.silent
    assert "Завтра решу" in back.text
    assert (await state())[0] == "open"


async def test_snoozed_until_the_client_writes(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Думаю")
    anna.press("💤 Отложить", card)
    await anna.wait(lambda: "Пока клиент не напишет" in labels(card))
    anna.press("Пока клиент не напишет", card)
    await anna.wait_text("Отложен, пока клиент не напишет")
    petr.text("Надумал")
    await anna.wait_text("Надумал")
    assert (await state())[0] == "open"


@pytest.mark.usefixtures("moved_clock")
async def test_own_time_is_read_or_asked_again(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Позже")
    anna.press("💤 Отложить", card)
    await anna.wait(lambda: "Своё время" in labels(card))
    anna.press("Своё время", card)
    await anna.wait_text("Когда вернуть диалог?")
    anna.text("когда-нибудь")
    await anna.wait(lambda: sum("Понимаю время так" in one for one in texts(anna)) == 2)
    anna.text("завтра 10:00")
    await anna.wait_text("Отложен до: завтра 10:00")
    await rig.settled()
    assert texts(petr) == []


async def test_closed_with_a_summary_and_opened_again_by_the_client(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Спасибо, не надо")
    anna.press("✔️ Закрыть", card)
    await anna.wait_text("Чем закончилось?")
    anna.text("Передумал")
    await anna.wait_text("Если клиент напишет снова")
    await rig.settled()
    assert "⚪" in card.text
    assert "Передумал" in card.text
    assert "⚡ Быстрый ответ" not in labels(card)
    assert await db.fetchval("SELECT summary FROM dialog") == "Передумал"
    petr.text("Всё-таки надо")
    again = await anna.wait_text("Всё-таки надо")
    answer = await anna.press("❔ Почему я?", again).answer()
    assert answer["text"] == "Это ваш клиент, и вы на смене."
    assert await db.fetchval("SELECT count(*) FROM dialog") == 2


async def test_press_on_what_somebody_else_has_changed(rig: Rig) -> None:
    """Two close it: the second is told, and sees the closed card."""
    from crm_core.dialogs.commands import close
    from crm_core.kernel.actors import SYSTEM

    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Спасибо")
    anna.press("✔️ Закрыть", card)
    form = await anna.wait_text("Чем закончилось?")
    await close(SYSTEM, dialog_id=(await rig.dialog())["id"], summary="закрыто сверху")
    await rig.settled()
    answer = await anna.press("✔️ Без итога", form).answer()
    assert answer["text"].startswith("Тем временем что-то изменилось")
    assert await db.fetchval("SELECT summary FROM dialog") == "закрыто сверху"
    await anna.wait(lambda: "закрыто сверху" in card.text)


async def test_blocked_client_is_told_of(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    petr.block()
    await anna.wait_text("ответы не дойдут")
    anna.text("Ответ", reply_to=card)
    from tests.bot.rig import ru

    await anna.wait_text(
        ru("The client has blocked this channel: choose another way to reach them.")
    )
    petr.unblock()
    await anna.wait_text("снова можно писать")

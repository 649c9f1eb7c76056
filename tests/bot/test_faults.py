"""When Telegram fails: retries, failures shown with a way out, nothing lost, nothing doubled."""

from __future__ import annotations

import pytest

from crm_core.kernel import db
from routing.contracts import Pacing
from sandbox.botapi import Where
from tests.bot.rig import Rig, accepted, labels, texts
from tests.waiting import eventually


async def test_failed_answer_has_cause_and_button_for_what_failed(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    where = Where(bot_id=rig.shop.id, method="sendMessage")
    rig.world.faults.bad_request("message is too strange", where)
    own = anna.text("Есть", reply_to=card)
    fault = await anna.wait_text("⚠️ Не доставлено: Пётр Иванов")
    assert "message is too strange" in fault.text
    assert fault.reply_to == own.id
    assert labels(fault) == ["🔁 Отправить ещё раз"]
    anna.press("🔁 Отправить ещё раз", fault)
    await petr.wait_text("Есть")
    await anna.wait_text("✓ Всё-таки доставлено")
    await rig.settled()
    assert labels(fault) == []
    assert texts(petr) == ["Есть"]


async def test_only_the_failed_part_leaves_again(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    rig.world.faults.bad_request("no", Where(bot_id=rig.shop.id, method="sendMessage"))
    await anna.press("✍️ Писать", card).answer()
    anna.sticker()
    await rig.settled()
    anna.text("а" * 4000 + "\n" + "б" * 90)
    fault = await anna.wait_text("⚠️ Не доставлено")
    anna.press("🔁 Отправить ещё раз", fault)
    await petr.wait_text("б" * 90)
    await rig.settled()
    assert len([one for one in petr.received() if "sticker" in one.content]) == 1


async def test_unknown_outcome_is_told_and_not_repeated_by_itself(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    rig.world.faults.reset(Where(bot_id=rig.shop.id, method="sendMessage"), after=True)
    anna.text("Есть", reply_to=card)
    fault = await anna.wait_text("⚠️ Неизвестно, дошло ли: Пётр Иванов")
    await rig.settled()
    assert texts(petr) == ["Есть"], "it had arrived: a blind repeat would have doubled it"
    assert labels(fault) == ["🔁 Отправить ещё раз"]


async def test_too_many_requests_are_obeyed(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    rig.world.faults.too_many(1, Where(bot_id=rig.desk.id, method="sendMessage", times=2))
    petr.text("Есть розы?")
    card = await anna.wait_text("Есть розы?", timeout=10)
    await rig.settled()
    assert sum("Есть розы?" in one for one in texts(anna)) == 1
    assert card


async def test_manager_who_blocked_the_bot_does_not_stop_the_others(rig: Rig) -> None:
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис")
    await db.execute("UPDATE queue SET strategy = 'everyone'")
    anna.block()
    rig.client().text("Есть розы?")
    card = await boris.wait_text("Есть розы?")
    await boris.press("✅ Принять", card).answer()
    await rig.settled()


async def test_deleted_card_is_sent_anew(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    petr.text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    anna.delete(card)
    petr.text("Ау")
    again = await anna.wait_text("Ау")
    assert again.id > card.id
    assert "✅ Принять" in labels(again)


async def test_errors_of_ours_have_a_number(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await rig.settled()
    where = Where(bot_id=rig.desk.id, method="editMessageText")
    rig.world.faults.bad_request("something new and terrible", where)
    answer = await anna.press("⚙️ Настройки").answer()
    assert "назовите администратору номер" in answer["text"]
    await eventually(lambda: _failed(1), what="the update to be kept as failed")
    anna.press("⚙️ Настройки")
    await anna.wait_text("Часовой пояс")


async def _failed(count: int) -> bool:
    sql = "SELECT count(*) FROM raw_event WHERE channel_id = 0 AND state = 'failed'"
    return bool(await db.fetchval(sql) == count)


async def test_server_errors_while_handling_are_tried_again(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    rig.world.faults.server_error(
        where=Where(bot_id=rig.desk.id, method="editMessageText", times=2)
    )
    anna.press("⚙️ Настройки")
    await anna.wait_text("Часовой пояс")
    await rig.settled()
    assert await _failed(0)


@pytest.mark.parametrize("topics", [False, True])
async def test_many_words_are_merged_and_none_is_dropped(opened: str, topics: bool) -> None:
    """Ten clients, sixty messages, one manager, Telegram's own pace."""
    from contextlib import AsyncExitStack

    from tests.bot.rig import build

    pace = Pacing(rate=30, burst=30, chat_rate=4, chat_burst=3)
    async with AsyncExitStack() as stack:
        rig = await build(stack, topics=topics, pacing=pace)
        anna = await rig.employee("Анна")
        clients = [rig.client(f"Клиент {number}") for number in range(10)]
        for number, client in enumerate(clients):
            client.text(f"начало-{number}")
        await eventually(lambda: _waiting(10), what="ten dialogs")
        who = (await rig.actor(anna)).id
        await db.execute("UPDATE dialog SET state = 'open', assignee_id = $1", who)
        said = [f"слово-{turn}-{number}." for turn in range(6) for number in range(10)]
        for line in said:
            clients[int(line.rstrip(".").rsplit("-", 1)[1])].text(line)
        for line in said:
            await anna.wait_text(line, timeout=40)
        await rig.settled()
        shown = "\n".join(one for one in texts(anna) if one.startswith("👤"))
        assert [shown.count(line) for line in said] == [1] * len(said)
        for number in range(10):
            places = [shown.index(f"слово-{turn}-{number}.") for turn in range(6)]
            assert places == sorted(places), "the words of one client keep their order"
        notices = [one for one in texts(anna) if one.startswith("👤")]
        assert len(notices) < len(said) / 2, "words of the pacing window went together"
        assert "Клиент 3" in shown
    assert rig.world.violations == []


async def _waiting(count: int) -> bool:
    return bool(await db.fetchval("SELECT count(*) FROM dialog") == count)

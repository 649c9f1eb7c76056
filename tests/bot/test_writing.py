"""Without topics: answers by reply and by the chosen dialog, notes, edits, marks."""

from __future__ import annotations

import pytest

from crm_core.kernel import db
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.faults import Where
from sandbox.botapi.images import plain_png
from tests.bot.rig import Rig, accepted, labels, ru, texts
from tests.waiting import eventually


def sent_to(client: Person) -> list[str]:
    return texts(client)


async def test_reply_to_the_card_and_to_any_of_its_messages(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    anna.text("Да, красные", reply_to=card)
    await petr.wait_text("Да, красные")
    petr.text("А белые?")
    notice = await anna.wait_text("А белые?")
    assert notice.text.startswith("👤 Пётр Иванов · сегодня")
    own = anna.text("И белые", reply_to=notice)
    white = await petr.wait_text("И белые")
    assert white.reply_to is not None, "an answer to a message quotes it at the client's"
    anna.text("По 150", reply_to=own)
    await petr.wait_text("По 150")
    await rig.settled()
    assert own.reactions == {rig.desk.id: [{"type": "emoji", "emoji": "👌"}]}


async def test_words_for_nobody_go_nowhere(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    await accepted(rig, anna, petr, "Есть розы?")
    anna.text("Кому-нибудь")
    await anna.wait_text("Кому? Ответьте на сообщение клиента")
    await rig.settled()
    assert sent_to(petr) == []


async def test_chosen_dialog_takes_words_without_a_reply(rig: Rig) -> None:
    anna, petr, olga = await rig.employee("Анна"), rig.client(), rig.client("Ольга")
    card = await accepted(rig, anna, petr, "Есть розы?")
    await accepted(rig, anna, olga, "А лилии?")
    answer = await anna.press("✍️ Писать", card).answer()
    assert answer["text"] == "Теперь ваши сообщения уходят клиенту: Пётр Иванов"
    anna.text("Розы есть")
    await petr.wait_text("Розы есть")
    anna.text("/home")
    home = await anna.wait_text("✍️ Вы пишете: Пётр Иванов")
    anna.press("🔇 Больше не писать", home)
    await eventually(lambda: _gone(home.text), what="the line about whom one writes to to go")
    anna.text("А это никому")
    await anna.wait_text("Кому?")
    await rig.settled()
    assert sent_to(petr) == ["Розы есть"]
    assert sent_to(olga) == []


async def _gone(_text: str) -> bool:
    return not await db.fetchval("SELECT count(*) FROM view_memory WHERE view = 'current'")


async def test_note_never_reaches_the_client(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    note = anna.text("// спрашивает третий раз", reply_to=card)
    await rig.settled()
    anna.edit(note, "спрашивает в третий раз")
    await anna.wait_text("Заметка остаётся такой, как написана")
    anna.press("🔒 Заметка", card)
    await anna.wait_text("её увидят только коллеги")
    anna.text("любит белые")
    await anna.wait_text("клиент этого не видит")
    await anna.press("✍️ Писать", card).answer()
    anna.photo(caption="// секрет")
    await anna.wait_text("Заметка бывает только текстом")
    anna.album([plain_png(40, 30), plain_png(40, 30)], caption="// секретный альбом")
    await rig.settled()
    assert sent_to(petr) == []
    kept = await db.fetch("SELECT text FROM message WHERE direction = 'note' ORDER BY id")
    assert [row["text"] for row in kept] == ["спрашивает третий раз", "любит белые"]
    lanes = await db.fetch("SELECT DISTINCT lane FROM outbox")
    assert {row["lane"] for row in lanes} <= {"bot", "bot:quiet"}, "nothing on a client's lane"


async def test_colleague_sees_a_note_of_the_head(rig: Rig) -> None:
    from crm_core.kernel.actors import Role

    anna, petr = await rig.employee("Анна"), rig.client()
    await accepted(rig, anna, petr, "Есть розы?")
    head = await rig.employee("Глава", role=Role.HEAD, presence="off")
    head.text("/mine")
    from crm_core.dialogs.commands import note

    number = (await rig.dialog())["id"]
    await note(await rig.actor(head), dialog_id=number, text="скидка 5 %")
    shown = await anna.wait_text("скидка 5 %")
    assert "🔒 Глава" in shown.text
    anna.text("Вам скидка", reply_to=shown)
    await petr.wait_text("Вам скидка")


async def test_edit_of_an_answer_changes_the_clients_copy(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    own = anna.text("По 510", reply_to=card)
    await petr.wait_text("По 510")
    await rig.settled()
    anna.edit(own, "По 150")
    await petr.wait_text("По 150")
    assert sent_to(petr) == ["По 150"]
    anna.edit(own, "// это заметка")
    await anna.wait_text("заметкой оно стать не может")
    await rig.settled()
    assert sent_to(petr) == ["По 150"]


async def test_clients_edit_changes_the_words_where_they_stand(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    anna.text("Сколько?", reply_to=card)
    await petr.wait_text("Сколько?")
    said = petr.text("Десть штук")
    notice = await anna.wait_text("Десть штук")
    await rig.settled()
    count = len(anna.received())
    petr.edit(said, "Десять штук")
    await anna.wait_text("Десять штук")
    assert "Десять штук" in notice.text
    assert "✏️" in notice.text
    assert len(anna.received()) == count, "no second notice"


async def test_unaccepted_dialog_is_not_answered(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    petr.text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    anna.text("Да", reply_to=card)
    await anna.wait_text(ru("Accept the dialog before you answer."))
    await rig.settled()
    assert sent_to(petr) == []


async def test_unknown_command_does_not_go_to_the_client(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    anna.text("/delete everything", reply_to=card)
    await anna.wait_text("Такой команды нет")
    await rig.settled()
    assert sent_to(petr) == []


async def test_notice_of_several_clients_asks_for_one(rig: Rig) -> None:
    anna, petr, olga = await rig.employee("Анна"), rig.client(), rig.client("Ольга")
    for client in (petr, olga):
        card = await accepted(rig, anna, client, f"Это {client.user.first_name}")
        anna.text("Слушаю", reply_to=card)
        await client.wait_text("Слушаю")
    await rig.settled()
    await rig.stop_bot()
    petr.text("первый")
    olga.text("вторая")
    petr.text("третий")
    await eventually(lambda: _queued(3), what="three notices to wait")
    await rig.start_bot()
    notice = await anna.wait_text("первый")
    assert notice.text.index("первый") < notice.text.index("вторая") < notice.text.index("третий")
    assert labels(notice) == ["✍️ Пётр Иванов", "✍️ Ольга"]
    anna.text("кому это?", reply_to=notice)
    await anna.wait_text("выберите одного кнопкой")
    await anna.press("✍️ Ольга", notice).answer()
    anna.text("вот вам")
    await olga.wait_text("вот вам")
    await rig.settled()
    assert "кому это?" not in sent_to(petr) + sent_to(olga)


async def _queued(count: int) -> bool:
    sql = "SELECT count(*) FROM outbox WHERE lane = 'bot' AND kind = 'words' AND state = 'queued'"
    return bool(await db.fetchval(sql) == count)


async def test_restart_between_any_two_steps(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    await rig.restart()
    anna.press("🔒 Заметка", card)
    await anna.wait_text("её увидят только коллеги")
    await rig.restart()
    anna.text("после перезапуска")
    await anna.wait_text("клиент этого не видит")
    await rig.restart()
    own = anna.text("Есть", reply_to=card)
    await petr.wait_text("Есть")
    await rig.settled()
    await rig.restart()
    anna.edit(own, "Есть, и много")
    await petr.wait_text("Есть, и много")
    petr.text("Спасибо")
    notice = await anna.wait_text("Спасибо")
    await rig.restart()
    anna.text("Заходите", reply_to=notice)
    await petr.wait_text("Заходите")
    notes = await db.fetchval("SELECT count(*) FROM message WHERE direction = 'note'")
    assert notes == 1


@pytest.mark.parametrize("text", ["x" * 5000, "слово " * 1500])
async def test_long_words_come_whole(rig: Rig, text: str) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    anna.text("Да", reply_to=card)
    await petr.wait_text("Да")
    await rig.settled()
    first = text[:4096]
    petr.text(first)
    petr.text(text[4096:])
    await rig.settled()
    shown = "".join(
        one.text for one in anna.received() if one.id > card.id and text[:3] in one.text
    )
    assert shown.count(text[0]) >= text.count(text[0])


async def test_answers_written_elsewhere_are_read_here_too(rig: Rig) -> None:
    """By the panel, the API, or a head: silently, once, and they can be replied under."""
    from crm_core.dialogs.replies import reply

    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    number = (await rig.dialog())["id"]
    await reply(await rig.actor(anna), dialog_id=number, text="Из панели: есть")
    shown = await anna.wait_text("Из панели: есть")
    await rig.settled()
    notices = [m for m in anna.received() if "Из панели" in m.text and m.id != card.id]
    assert len(notices) == 1
    assert notices[0].silent
    assert "Анна" in notices[0].text
    anna.text("Сколько вам?", reply_to=notices[0])
    await petr.wait_text("Сколько вам?")
    await rig.settled()
    assert sum("Сколько вам?" in text for text in texts(anna)) == 1, "only on the card"
    assert shown


async def test_a_reply_quicker_than_what_it_answers_is_written_down(rig: Rig) -> None:
    """Telegram has shown the notice but has not yet answered us when the manager writes."""
    anna, petr = await rig.employee("Анна"), rig.client()
    await accepted(rig, anna, petr, "Есть розы?")
    rig.world.faults.slow(0.7, Where(bot_id=rig.desk.id, method="sendMessage"), after=True)
    petr.text("А белые?")
    notice = await anna.wait_text("А белые?")
    anna.text("И белые", reply_to=notice)
    await petr.wait_text("И белые")

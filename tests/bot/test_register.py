"""Rows of the feature register that need the whole company at work."""

from __future__ import annotations

import pytest

from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.images import plain_png
from sandbox.botapi.state import Message
from tests.bot.rig import Rig, accepted, ru
from tests.bot.test_contents import last_with

PICTURE = plain_png(80, 60)


@pytest.mark.feature("DLG-01")
async def test_a_whole_conversation_in_telegram(rig: Rig) -> None:
    """Messages, files, voice, edits and replies are received and answered from the bot."""
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")

    asked = petr.text("Сколько стоят?")
    await anna.wait_text("Сколько стоят?")
    petr.photo(PICTURE, caption="вот такие")
    photo = await anna.wait(lambda: last_with(anna, "photo"))
    assert isinstance(photo, Message)
    assert anna.file(photo) == PICTURE
    petr.voice(b"OggS-question", duration=2)
    voice = await anna.wait(lambda: last_with(anna, "voice"))
    assert isinstance(voice, Message)
    assert anna.file(voice) == b"OggS-question"
    petr.document(b"%PDF-1.4 list", "список.pdf")
    await anna.wait(lambda: last_with(anna, "document"))
    petr.edit(asked, "Сколько стоят пионы?")
    await anna.wait_text("Сколько стоят пионы?")

    own = anna.text("По 180 рублей", reply_to=card)
    await petr.wait_text("По 180 рублей")
    await rig.settled()
    petr.text("А эти?", reply_to=petr.received()[-1])
    await anna.wait_text("А эти?")
    await anna.press("✍️ Писать", card).answer()
    anna.photo(PICTURE, caption="есть такие")
    shown = await petr.wait(lambda: last_with(petr, "photo"))
    assert isinstance(shown, Message)
    assert (petr.file(shown), shown.text) == (PICTURE, "есть такие")
    anna.voice(b"OggS-answer", duration=1)
    answer = await petr.wait(lambda: last_with(petr, "voice"))
    assert isinstance(answer, Message)
    assert petr.file(answer) == b"OggS-answer"
    anna.document(b"price", "прайс.txt")
    await petr.wait(lambda: last_with(petr, "document"))
    anna.edit(own, "По 170 рублей")
    await petr.wait_text("По 170 рублей")
    await rig.settled()
    assert [one.text for one in petr.received()].count("По 180 рублей") == 0


@pytest.mark.feature("DLG-07")
async def test_new_dialogs_by_the_rule_returning_clients_to_their_manager(rig: Rig) -> None:
    """The queue's rule for strangers, one's own manager for those who return, if present."""
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис")
    petr, olga = rig.client("Пётр"), rig.client("Ольга")

    petr.text("Первый вопрос")
    card = await anna.wait_text("Первый вопрос")
    await anna.press("✅ Принять", card).answer()
    await rig.settled()
    olga.text("Другой вопрос")
    await boris.wait_text("Другой вопрос")
    assert not any("Другой вопрос" in one.text for one in anna.received()), "Борис was less busy"

    await _close(rig, anna, card, "готово")
    petr.text("Снова я")
    again = await anna.wait_text("Снова я")
    why = await anna.press("❔ Почему я?", again).answer()
    assert why["text"] == ru("This is your client, and you are on shift.")
    await anna.press("✅ Принять", again).answer()
    await rig.settled()
    await _close(rig, anna, again, "ещё раз готово")

    await _presence(rig, anna, "⚪ Не на смене")
    petr.text("А теперь?")
    card = await boris.wait_text("А теперь?")
    await boris.press("✅ Принять", card).answer()
    await rig.settled()

    await _presence(rig, boris, "⚪ Не на смене")
    olga.text("Есть кто-нибудь?")
    await rig.settled()
    assert (await rig.dialog())["state"] in {"waiting", "open"}
    vera = rig.client("Виктор")
    vera.text("Первый раз у вас")
    await rig.settled()
    assert (await rig.dialog())["offered_to_id"] is None, "nobody is on shift"
    await _presence(rig, anna, "🟢 На смене")
    await anna.wait_text("Первый раз у вас")


async def _close(rig: Rig, person: Person, card: Message, words: str) -> None:
    person.press("✔️ Закрыть", card)
    await person.wait_text("Чем закончилось?")
    person.text(words)
    await rig.settled()


async def _presence(rig: Rig, person: Person, button: str) -> None:
    await person.press(button).answer()
    await rig.settled()

"""Everything people send passes both ways, really: the same bytes, the same words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_core.kernel import db
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.images import plain_png
from sandbox.botapi.state import Message
from tests.bot.rig import Rig, accepted, texts

PICTURE = plain_png(60, 40)
Send = Callable[[Person], object]

SENDS: dict[str, Send] = {
    "photo": lambda one: one.photo(PICTURE, caption="на фото"),
    "voice": lambda one: one.voice(b"OggS-a voice", duration=3),
    "video_note": lambda one: one.video_note(b"mp4-a note", duration=4, length=240),
    "video": lambda one: one.video(b"mp4-a film", caption="на видео"),
    "audio": lambda one: one.audio(b"ID3-a song"),
    "document": lambda one: one.document(b"%PDF-1.4 plan", "план.pdf", caption="вот план"),
    "sticker": lambda one: one.sticker(),
    "contact": lambda one: one.contact("+79123456789", "Мария"),
    "location": lambda one: one.location(55.7522, 37.6156),
}


def last_with(person: Person, kind: str) -> Message | None:
    return next((one for one in reversed(person.received()) if kind in one.content), None)


async def begun(rig: Rig) -> tuple[Person, Person, Message]:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    anna.text("Да", reply_to=card)
    await petr.wait_text("Да")
    await rig.settled()
    return anna, petr, card


@pytest.mark.parametrize("kind", SENDS)
async def test_from_the_client_to_the_manager(rig: Rig, kind: str) -> None:
    anna, petr, _ = await begun(rig)
    sent = SENDS[kind](petr)
    assert isinstance(sent, Message)
    shown = await anna.wait(lambda: last_with(anna, kind))
    assert shown is not None
    _same(petr, anna, sent, shown)
    await rig.settled()
    if kind in {"photo", "video", "document"}:
        assert shown.text.startswith("👤 Пётр Иванов")
        assert sent.text in shown.text
    else:
        assert any(text.startswith("👤 Пётр Иванов") for text in texts(anna)[2:])


@pytest.mark.parametrize("kind", SENDS)
async def test_from_the_manager_to_the_client(rig: Rig, kind: str) -> None:
    anna, petr, card = await begun(rig)
    await anna.press("✍️ Писать", card).answer()
    sent = SENDS[kind](anna)
    assert isinstance(sent, Message)
    shown = await petr.wait(lambda: last_with(petr, kind))
    assert shown is not None
    _same(anna, petr, sent, shown)
    assert shown.text == sent.text
    await rig.settled()


def _same(sender: Person, reader: Person, sent: Message, shown: Message) -> None:
    kind = next(one for one in SENDS if one in sent.content)
    if kind == "contact":
        assert shown.content[kind]["phone_number"] == sent.content[kind]["phone_number"]
    elif kind == "location":
        assert shown.content[kind]["latitude"] == sent.content[kind]["latitude"]
    else:
        assert reader.file(shown) == sender.file(sent)


async def test_album_is_one_message_each_way(rig: Rig) -> None:
    anna, petr, card = await begun(rig)
    pictures = [plain_png(40 + n, 30) for n in range(3)]
    petr.album(pictures, caption="три вида")
    await anna.wait(lambda: len(_photos(anna)) == 3)
    await rig.settled()
    shown = _photos(anna)
    assert len({one.group_id for one in shown}) == 1
    assert "три вида" in shown[0].text
    assert [anna.file(one) for one in shown] == pictures
    await anna.press("✍️ Писать", card).answer()
    anna.album(pictures[:2], caption="наши два")
    await petr.wait(lambda: len(_photos(petr)) == 2)
    await rig.settled()
    assert len({one.group_id for one in _photos(petr)}) == 1
    assert _photos(petr)[0].text == "наши два"
    count = await db.fetchval("SELECT count(*) FROM message WHERE album IS NOT NULL")
    assert count == 2, "an album is one message"


def _photos(person: Person) -> list[Message]:
    return [one for one in person.received() if "photo" in one.content]


async def test_album_with_a_note_for_caption_does_not_leave(rig: Rig) -> None:
    anna, petr, card = await begun(rig)
    await anna.press("✍️ Писать", card).answer()
    anna.album([plain_png(40, 30), plain_png(41, 30)], caption="// не показывать")
    await anna.wait_text("Заметка бывает только текстом")
    await rig.settled()
    assert _photos(petr) == []


async def test_formatting_passes_both_ways(rig: Rig) -> None:
    anna, petr, card = await begun(rig)
    entities = [{"type": "bold", "offset": 3, "length": 6}]
    petr.text("🌹 Срочно нужны", entities=entities)
    shown = await anna.wait_text("Срочно нужны")
    offset = len(shown.text[: shown.text.index("Срочно")].encode("utf-16-le")) // 2
    assert {"type": "bold", "offset": offset, "length": 6} in shown.content["entities"]
    anna.text("🌹 Будут завтра", entities=entities, reply_to=card)
    answer = await petr.wait_text("Будут завтра")
    assert answer.content["entities"] == entities


async def test_too_large_files_are_shown_as_such(rig: Rig) -> None:
    anna, petr, card = await begun(rig)
    petr.document(b"x", "фильм.iso", declared_size=30 * 2**20)
    shown = await anna.wait_text("фильм.iso")
    assert "файл слишком большой" in shown.text
    await anna.press("✍️ Писать", card).answer()
    anna.document(b"x", "наш.iso", declared_size=30 * 2**20)
    await anna.wait_text("Файл больше 20 МБ")
    await rig.settled()
    assert last_with(petr, "document") is None


async def test_a_poll_can_not_be_passed_on(rig: Rig) -> None:
    from sandbox.botapi.posting import Post

    anna, petr, card = await begun(rig)
    await anna.press("✍️ Писать", card).answer()
    count = len(petr.received())
    anna.put(Post(content={"dice": {"emoji": "🎲", "value": 3}}))
    await anna.wait_text("Это нельзя передать клиенту")
    await rig.settled()
    assert len(petr.received()) == count


async def test_pending_file_does_not_hold_up_other_clients(rig: Rig) -> None:
    """Words go ahead with the file's name; the file follows when it is there."""
    anna, petr, _ = await begun(rig)
    olga = rig.client("Ольга")
    other = await accepted(rig, anna, olga, "А лилии?")
    anna.text("нет", reply_to=other)
    await olga.wait_text("нет")
    await rig.supervisor.cancel("files")
    petr.document(b"%PDF-1.4 plan", "план.pdf", caption="смотрите")
    early = await anna.wait_text("смотрите", timeout=15)
    assert "план.pdf (ещё загружается)" in early.text
    olga.text("жаль")
    await anna.wait_text("жаль")
    rig.supervisor.start("files", rig.files.run)
    late = await anna.wait(lambda: last_with(anna, "document"))
    assert late is not None
    assert anna.file(late) == b"%PDF-1.4 plan"

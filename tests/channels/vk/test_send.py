"""Parts reach the client over real HTTP; whatever goes wrong has the right name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from channels.vk.api import Api
from channels.vk.channel import Channel
from channels.vk.render import random_id
from crm_core.dialogs.messages import Button, Kind, Location, OutboundPart, OutFile
from crm_core.dialogs.split import Content, parts_of
from routing.contracts import (
    ChannelBroken,
    DeliveryError,
    OutcomeUnknown,
    RecipientUnreachable,
    Rejected,
    RetryLater,
)
from sandbox.botapi.images import plain_png
from sandbox.vk.keyboards import COLOURS
from tests.channels.vk.conftest import Shop, account

HELLO = OutboundPart(key="m1:0", text="Добрый день")


def stored(folder: Path, kind: Kind, name: str, mime: str, data: bytes) -> OutFile:
    path = folder / f"stored-{name}"
    path.write_bytes(data)
    return OutFile(kind=kind, path=str(path), name=name, mime=mime, size=len(data))


async def test_text_and_a_reply_arrive(shop: Shop) -> None:
    first = shop.anna.text("Есть розы?")
    part = replace(HELLO, reply_to=f"{shop.chat}:{first.cmid}")
    sent = await shop.channel.send(shop.chat, part)
    (message,) = shop.anna.received()
    assert sent.external_ids == (f"{shop.chat}:{message.cmid}",)
    assert (message.text, message.extra["reply_message"]["text"]) == ("Добрый день", "Есть розы?")
    assert message.random_id == random_id(shop.account.hook_secret, "m1:0")


async def test_the_same_part_never_arrives_twice(shop: Shop) -> None:
    shop.anna.text("Есть розы?")
    first = await shop.channel.send(shop.chat, HELLO)
    assert await shop.channel.send(shop.chat, HELLO) == first
    assert [one.text for one in shop.anna.received()] == ["Добрый день"]
    await shop.channel.send(shop.chat, replace(HELLO, key="m2:0"))
    assert len(shop.anna.received()) == 2


async def test_files_arrive_as_what_they_are(shop: Shop, tmp_path: Path) -> None:
    shop.anna.text("Пришлите")
    photos = tuple(
        stored(tmp_path, Kind.PHOTO, f"{side}.png", "image/png", plain_png(side, 20))
        for side in (21, 22)
    )
    files = {
        "doc": (stored(tmp_path, Kind.DOCUMENT, "Счёт №1.pdf", "application/pdf", b"%PDF"),),
        "audio_message": (stored(tmp_path, Kind.VOICE, "voice.ogg", "audio/ogg", b"OggS"),),
        "photo": photos,
    }
    for number, group in enumerate(files.values()):
        part = OutboundPart(key=f"m{number}:0", kind=group[0].kind, text="вот", files=group)
        await shop.channel.send(shop.chat, part)
    messages = shop.anna.received()
    kinds = [[one["type"] for one in message.attachments] for message in messages]
    assert kinds == [["doc"], ["audio_message"], ["photo", "photo"]]
    assert [message.text for message in messages] == ["вот"] * 3
    document = messages[0].attachments[0]["doc"]
    assert (document["title"], document["ext"]) == ("Счёт №1.pdf", "pdf")
    assert [one["photo"]["sizes"][-1]["width"] for one in messages[2].attachments] == [21, 22]
    assert {file.data for file in shop.world.files.values()} >= {b"%PDF", b"OggS"}


async def test_places_arrive(shop: Shop) -> None:
    shop.anna.text("Где вы?")
    part = OutboundPart(
        key="m1:0", kind=Kind.LOCATION, location=Location(latitude=55.75, longitude=37.61)
    )
    await shop.channel.send(shop.chat, part)
    point = shop.anna.received()[0].extra["geo"]["coordinates"]
    assert point == {"latitude": 55.75, "longitude": 37.61}


async def test_buttons_arrive_and_outlive_a_correction(shop: Shop) -> None:
    shop.anna.text("Ну?")
    rows = ((Button(text="Да", data="yes"), Button(text="Сайт", url="https://shop.example/")),)
    part = replace(HELLO, buttons=rows)
    (sent,) = (await shop.channel.send(shop.chat, part)).external_ids
    (message,) = shop.anna.received()
    for text in ("Добрый день", "Добрый вечер"):
        assert message.text == text
        assert message.keyboard is not None
        first, second = message.keyboard["buttons"][0]
        assert (first["action"]["type"], first["action"]["label"]) == ("callback", "Да")
        assert first["color"] in COLOURS
        assert second["action"]["link"] == "https://shop.example/"
        await shop.channel.edit(shop.chat, sent, replace(part, text="Добрый вечер"))


async def test_the_longest_parts_are_taken(shop: Shop) -> None:
    shop.anna.text("Подробнее!")
    text = "Слово 😀 " * 1200
    for part in parts_of(Content(text=text), Channel.CAPABILITIES, key="m"):
        await shop.channel.send(shop.chat, part)
    received = " ".join(message.text for message in shop.anna.received())
    assert received.split() == text.split()


async def test_corrections_keep_what_is_attached(shop: Shop, tmp_path: Path) -> None:
    shop.anna.text("Фото?")
    photo = stored(tmp_path, Kind.PHOTO, "a.png", "image/png", plain_png(20, 20))
    part = OutboundPart(key="m1:0", kind=Kind.PHOTO, text="было", files=(photo,))
    (sent,) = (await shop.channel.send(shop.chat, part)).external_ids
    await shop.channel.edit(shop.chat, sent, replace(part, text="стало"))
    (message,) = shop.anna.received()
    assert (message.text, [one["type"] for one in message.attachments]) == ("стало", ["photo"])
    with pytest.raises(Rejected):
        await shop.channel.edit(shop.chat, f"{shop.chat}:999", HELLO)


async def test_an_answer_marks_what_was_asked_as_read_once(shop: Shop) -> None:
    asked = shop.anna.text("Есть розы?")
    await shop.channel.send(shop.chat, HELLO)
    await shop.channel.send(shop.chat, replace(HELLO, key="m2:0"))
    assert asked.read
    assert len(shop.world.of("messages.markAsRead")) == 1


async def test_typing_is_shown_and_never_fails(shop: Shop) -> None:
    shop.anna.text("Есть розы?")
    await shop.channel.typing(shop.chat)
    assert shop.anna.conversation.typing_until > shop.world.clock.now()
    shop.world.faults.error(15, "messages.setActivity")
    await shop.channel.typing(shop.chat)


FAULTS: list[tuple[int, type[DeliveryError]]] = [
    (5, ChannelBroken),
    (6, RetryLater),
    (9, RetryLater),
    (10, RetryLater),
    (14, RetryLater),
    (15, ChannelBroken),
    (18, RecipientUnreachable),
    (27, ChannelBroken),
    (29, RetryLater),
    (100, Rejected),
    (900, RecipientUnreachable),
    (901, RecipientUnreachable),
    (902, RecipientUnreachable),
    (911, Rejected),
    (914, Rejected),
    (950, RecipientUnreachable),
]


@pytest.mark.parametrize(("code", "expected"), FAULTS, ids=[str(code) for code, _ in FAULTS])
async def test_faults_have_their_names(
    shop: Shop, code: int, expected: type[DeliveryError]
) -> None:
    shop.anna.text("Есть розы?")
    shop.world.faults.error(code)
    with pytest.raises(DeliveryError) as error:
        await shop.channel.send(shop.chat, HELLO)
    assert type(error.value) is expected
    assert len(shop.world.of("messages.send")) == 1, "the library tried again by itself"
    assert shop.anna.received() == []
    assert getattr(error.value, "chat_only", False) is (code == 9)


async def test_consent_decides(shop: Shop) -> None:
    with pytest.raises(RecipientUnreachable, match="not allowed"):
        await shop.channel.send(shop.chat, HELLO)
    shop.anna.text("Здравствуйте")
    shop.anna.deny()
    with pytest.raises(RecipientUnreachable, match="forbidden"):
        await shop.channel.send(shop.chat, HELLO)
    shop.anna.allow()
    await shop.channel.send(shop.chat, HELLO)
    shop.anna.conversation.blocked = True
    with pytest.raises(RecipientUnreachable, match="blacklist"):
        await shop.channel.send(shop.chat, HELLO)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after accepting"])
async def test_a_cut_line_is_tried_again_and_arrives_once(shop: Shop, after: bool) -> None:
    shop.anna.text("Есть розы?")
    shop.world.faults.reset(after=after, times=2)
    sent = await shop.channel.send(shop.chat, HELLO)
    (message,) = shop.anna.received()
    assert sent.external_ids == (f"{shop.chat}:{message.cmid}",)
    assert len(shop.world.of("messages.send")) == 3


async def test_silence_leaves_the_outcome_open(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.anna.text("Есть розы?")
    shop.world.faults.hang(after=True, times=3)
    impatient = Channel(shop.account)
    await impatient._api.close()
    impatient._api = Api(shop.config, seconds=0.3)
    monkeypatch.setattr("channels.vk.channel.BETWEEN_TRIES", 0.01)
    with pytest.raises(OutcomeUnknown):
        await impatient.send(shop.chat, HELLO)
    await impatient.close()
    assert len(shop.anna.received()) == 1


async def test_strange_servers_have_their_names(shop: Shop) -> None:
    nowhere = Channel(account("http://127.0.0.1:9", shop.group.id))
    with pytest.raises(RetryLater, match="reached"):
        await nowhere.send("42", HELLO)
    await nowhere.close()
    base = str(shop.account.config.model_dump()["api_url"])
    foreign = Channel(account(f"{base}/file", shop.group.id))
    with pytest.raises(ChannelBroken, match="api_url"):
        await foreign.send("42", HELLO)
    await foreign.close()
    revoked = Channel(account(base, shop.group.id, token="revoked"))
    with pytest.raises(ChannelBroken, match="access key"):
        await revoked.send("42", HELLO)
    await revoked.close()


async def test_no_secret_travels_with_an_error(shop: Shop) -> None:
    shop.world.faults.error(100)
    shop.anna.text("Есть розы?")
    with pytest.raises(Rejected) as error:
        await shop.channel.send(shop.chat, HELLO)
    assert error.value.__context__ is None
    assert shop.config.token.get_secret_value() not in str(error.value)


async def test_a_file_that_is_gone_or_too_large_is_refused(shop: Shop, tmp_path: Path) -> None:
    shop.anna.text("Счёт?")
    gone = OutFile(kind=Kind.DOCUMENT, path=str(tmp_path / "x"), name="x", mime="a/b", size=1)
    with pytest.raises(Rejected, match="no longer in the store"):
        await shop.channel.send(shop.chat, OutboundPart(key="k", files=(gone,)))
    (tmp_path / "x").touch()
    with pytest.raises(Rejected, match="larger"):
        large = replace(gone, size=51 * 2**20)
        await shop.channel.send(shop.chat, OutboundPart(key="k", files=(large,)))
    assert not shop.world.of("docs.save")


async def test_an_upload_that_fails_is_tried_later(shop: Shop, tmp_path: Path) -> None:
    shop.anna.text("Счёт?")
    file = stored(tmp_path, Kind.DOCUMENT, "a.pdf", "application/pdf", b"%PDF")
    part = OutboundPart(key="k", kind=Kind.DOCUMENT, files=(file,))
    shop.world.faults.reset("docs.save")
    with pytest.raises(RetryLater):
        await shop.channel.send(shop.chat, part)
    await shop.channel.send(shop.chat, part)
    assert len(shop.anna.received()) == 1


async def test_not_a_vk_chat_is_rejected(shop: Shop) -> None:
    with pytest.raises(Rejected, match="not an id"):
        await shop.channel.send("c1", HELLO)

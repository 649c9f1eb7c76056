"""Parts reach the client over real HTTP; whatever goes wrong has the right name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from aiogram.methods import SendMessage

from channels.telegram.channel import Channel
from crm_core.dialogs.messages import (
    ContactCard,
    Entity,
    Kind,
    Location,
    OutboundPart,
    OutFile,
)
from crm_core.dialogs.split import Content, parts_of
from routing.contracts import (
    ChannelBroken,
    ChatMoved,
    DeliveryError,
    OutcomeUnknown,
    RecipientUnreachable,
    Rejected,
    RetryLater,
)
from sandbox.botapi import Where, groups
from sandbox.botapi.faults import Faults
from sandbox.botapi.images import plain_png
from tests.channels.telegram.conftest import Shop, account

HELLO = OutboundPart(key="k", text="Добрый день")
TO_CLIENT = Where(method="sendMessage")


def stored(folder: Path, kind: Kind, name: str, mime: str, data: bytes) -> OutFile:
    path = folder / name
    path.write_bytes(data)
    return OutFile(kind=kind, path=str(path), name=name, mime=mime, size=len(data))


async def test_text_arrives_with_its_formatting(shop: Shop) -> None:
    first = shop.anna.start()
    bold = Entity(type="bold", offset=3, length=5)
    part = OutboundPart(
        key="k", text="😀 важно", entities=(bold,), reply_to=f"{shop.chat}:{first.id}"
    )
    sent = await shop.channel.send(shop.chat, part)
    (message,) = shop.anna.received()
    assert sent.external_ids == (f"{shop.chat}:{message.id}",)
    assert message.text == "😀 важно"
    assert [(e["type"], e["offset"], e["length"]) for e in message.content["entities"]] == [
        ("bold", 3, 5)
    ]
    assert message.reply_to is not None


async def test_a_reply_to_a_deleted_message_arrives_all_the_same(shop: Shop) -> None:
    gone = shop.anna.start()
    shop.anna.delete(gone)
    part = OutboundPart(key="k", text="Ответ", reply_to=f"{shop.chat}:{gone.id}")
    await shop.channel.send(shop.chat, part)
    assert shop.anna.received()[-1].text == "Ответ"


async def test_files_arrive_as_what_they_are(shop: Shop, tmp_path: Path) -> None:
    shop.anna.start()
    files = {
        "photo": stored(tmp_path, Kind.PHOTO, "a.png", "image/png", plain_png(40, 30)),
        "document": stored(tmp_path, Kind.DOCUMENT, "Счёт №1.pdf", "application/pdf", b"%PDF"),
        "voice": stored(tmp_path, Kind.VOICE, "v.ogg", "audio/ogg", b"OggS"),
        "audio": stored(tmp_path, Kind.VOICE, "v.mp3", "audio/mpeg", b"ID3"),
        "video": stored(tmp_path, Kind.VIDEO, "v.mp4", "video/mp4", b"ftyp"),
    }
    for file in files.values():
        await shop.channel.send(shop.chat, OutboundPart(key="k", kind=file.kind, files=(file,)))
    messages = shop.anna.received()
    assert [set(files) & message.content.keys() for message in messages] == [{n} for n in files]
    assert messages[1].content["document"]["file_name"] == "Счёт №1.pdf"
    assert shop.anna.file(messages[1]) == b"%PDF"


async def test_an_album_is_one_group_with_all_ids(shop: Shop, tmp_path: Path) -> None:
    shop.anna.start()
    photos = tuple(
        stored(tmp_path, Kind.PHOTO, f"{side}.png", "image/png", plain_png(side, 20))
        for side in (21, 22, 23)
    )
    content = Content(text="Три вида", files=photos)
    (part,) = parts_of(content, Channel.CAPABILITIES, key="m")
    sent = await shop.channel.send(shop.chat, part)
    messages = shop.anna.received()
    assert sent.external_ids == tuple(f"{shop.chat}:{message.id}" for message in messages)
    assert [message.text for message in messages] == ["Три вида", "", ""]


async def test_contact_and_places_arrive(shop: Shop) -> None:
    shop.anna.start()
    card = ContactCard(phone="+79990000001", name="Пётр")
    place = Location(latitude=55.75, longitude=37.61)
    venue = Location(latitude=55.75, longitude=37.61, title="Офис", address="Тверская, 1")
    await shop.channel.send(shop.chat, OutboundPart(key="k", kind=Kind.CONTACT, contact=card))
    for where in (place, venue):
        part = OutboundPart(key="k", kind=Kind.LOCATION, location=where)
        await shop.channel.send(shop.chat, part)
    contact, location, office = shop.anna.received()
    assert contact.content["contact"]["phone_number"] == "+79990000001"
    assert location.content["location"]["latitude"] == pytest.approx(55.75)
    assert office.content["venue"]["title"] == "Офис"


async def test_the_longest_parts_are_taken(shop: Shop) -> None:
    shop.anna.start()
    text = "Слово 😀 " * 1200
    bold = Entity(type="bold", offset=10, length=9000)
    parts = parts_of(Content(text=text, entities=(bold,)), Channel.CAPABILITIES, key="m")
    for part in parts:
        await shop.channel.send(shop.chat, part)
    received = " ".join(message.text for message in shop.anna.received())
    assert received.split() == text.split()


async def test_edits_change_text_and_captions(shop: Shop, tmp_path: Path) -> None:
    shop.anna.start()
    (sent,) = (await shop.channel.send(shop.chat, HELLO)).external_ids
    photo = stored(tmp_path, Kind.PHOTO, "a.png", "image/png", plain_png(20, 20))
    captioned = OutboundPart(key="k", kind=Kind.PHOTO, text="было", files=(photo,))
    (pictured,) = (await shop.channel.send(shop.chat, captioned)).external_ids
    await shop.channel.edit(shop.chat, sent, OutboundPart(key="k", text="Добрый вечер"))
    changed = OutboundPart(key="k", kind=Kind.PHOTO, text="стало", files=(photo,))
    await shop.channel.edit(shop.chat, pictured, changed)
    assert [message.text for message in shop.anna.received()] == ["Добрый вечер", "стало"]
    await shop.channel.edit(shop.chat, sent, OutboundPart(key="k", text="Добрый вечер"))
    with pytest.raises(Rejected):
        await shop.channel.edit(shop.chat, f"{shop.chat}:999999", HELLO)


async def test_typing_is_shown_and_never_fails(shop: Shop) -> None:
    shop.anna.start()
    await shop.channel.typing(shop.chat)
    assert shop.world.calls.of("sendChatAction")
    shop.world.faults.server_error()
    await shop.channel.typing(shop.chat)


FAULTS: list[tuple[str, Callable[[Faults], None], type[DeliveryError]]] = [
    ("429", lambda faults: faults.too_many(7, TO_CLIENT), RetryLater),
    ("403", lambda faults: faults.forbidden(where=TO_CLIENT), RecipientUnreachable),
    ("400", lambda faults: faults.bad_request("message is too long", TO_CLIENT), Rejected),
    ("500", lambda faults: faults.server_error(where=TO_CLIENT), RetryLater),
    ("cut before", lambda faults: faults.reset(TO_CLIENT), OutcomeUnknown),
    ("cut after", lambda faults: faults.reset(TO_CLIENT, after=True), OutcomeUnknown),
]


@pytest.mark.parametrize(("name", "script", "expected"), FAULTS, ids=[f[0] for f in FAULTS])
async def test_faults_have_their_names(
    shop: Shop, name: str, script: Callable[[Faults], None], expected: type[DeliveryError]
) -> None:
    shop.anna.start()
    script(shop.world.faults)
    with pytest.raises(DeliveryError) as error:
        await shop.channel.send(shop.chat, HELLO)
    assert type(error.value) is expected
    assert getattr(error.value, "after", 7) == 7 or name == "500"
    assert len(shop.anna.received()) == (1 if name == "cut after" else 0)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after accepting"])
async def test_a_time_out_leaves_the_outcome_open(shop: Shop, after: bool) -> None:
    shop.anna.start()
    shop.world.faults.hang(TO_CLIENT, after=after)
    request = SendMessage(chat_id=shop.anna.chat.id, text="Добрый день")
    with pytest.raises(OutcomeUnknown):
        await shop.api.call(request, seconds=0.3)
    assert len(shop.anna.received()) == int(after)


async def test_clients_who_never_wrote_or_left_are_unreachable(shop: Shop) -> None:
    with pytest.raises(RecipientUnreachable, match="write first"):
        await shop.channel.send(shop.chat, HELLO)
    shop.anna.start()
    shop.anna.block()
    with pytest.raises(RecipientUnreachable, match="blocked"):
        await shop.channel.send(shop.chat, HELLO)
    with pytest.raises(RecipientUnreachable):
        await shop.channel.send("123456789", HELLO)


async def test_a_group_that_moved_names_its_new_chat(shop: Shop) -> None:
    boss = shop.world.add_user("Босс")
    old = shop.world.add_group("Склад", kind="group")
    groups.join(shop.world, old, boss, status="creator")
    groups.add_bot(shop.world, old, shop.bot, by=boss)
    new = groups.upgrade(shop.world, old, by=boss)
    with pytest.raises(ChatMoved) as moved:
        await shop.channel.send(str(old.id), HELLO)
    assert moved.value.new_chat == str(new.id)
    await shop.channel.send(moved.value.new_chat, HELLO)
    shop.world.faults.too_many(20, Where(chat_id=new.id))
    with pytest.raises(RetryLater) as waiting:
        await shop.channel.send(str(new.id), HELLO)
    assert (waiting.value.after, waiting.value.chat_only) == (20, True)


async def test_a_revoked_token_breaks_the_channel(shop: Shop) -> None:
    url = str(shop.account.config.model_dump()["api_url"])
    channel = Channel(account(url, token="7000000009:revoked-and-never-seen-again"))
    with pytest.raises(ChannelBroken, match="@BotFather"):
        await channel.send("42", HELLO)
    await channel.close()


async def test_a_file_that_is_gone_or_too_large_is_refused_before_sending(
    shop: Shop, tmp_path: Path
) -> None:
    shop.anna.start()
    gone = OutFile(kind=Kind.DOCUMENT, path=str(tmp_path / "x"), name="x", mime="a/b", size=1)
    with pytest.raises(Rejected, match="no longer in the store"):
        await shop.channel.send(shop.chat, OutboundPart(key="k", files=(gone,)))
    (tmp_path / "x").touch()
    large = OutFile(
        kind=Kind.DOCUMENT, path=str(tmp_path / "x"), name="x", mime="a/b", size=51 * 2**20
    )
    with pytest.raises(Rejected, match="larger"):
        await shop.channel.send(shop.chat, OutboundPart(key="k", files=(large,)))
    assert not shop.world.calls.of("sendDocument")

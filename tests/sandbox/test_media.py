"""Files in both directions: albums, file ids, downloads, limits."""

from __future__ import annotations

import aiohttp
import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge, TelegramServerError
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto, MediaUnion

from sandbox.botapi.images import image_size, plain_png
from tests.sandbox.conftest import Shop


def png(name: str = "a.png") -> BufferedInputFile:
    return BufferedInputFile(plain_png(640, 480), name)


async def fetched(shop: Shop, file_id: str) -> bytes:
    stream = await shop.bot.download(file_id)
    assert stream is not None
    return stream.read()


async def test_every_kind_arrives_and_downloads(shop: Shop) -> None:
    shop.anna.photo(caption="c")
    shop.anna.voice(b"voice", duration=3)
    shop.anna.video_note(b"note", length=300)
    shop.anna.video(b"video", width=100, height=50)
    shop.anna.audio(b"audio", title="Song", performer="Me")
    shop.anna.document(b"%PDF-1", "a.pdf")
    shop.anna.sticker(b"webp")
    messages = [update.message for update in await shop.bot.get_updates()]
    kinds = [message.content_type for message in messages if message]
    assert kinds == ["photo", "voice", "video_note", "video", "audio", "document", "sticker"]
    photo, document = messages[0], messages[5]
    assert photo is not None
    assert photo.photo is not None
    assert document is not None
    assert document.document is not None
    sides = [image_size(await fetched(shop, each.file_id)) for each in photo.photo]
    assert sides == [(each.width, each.height) for each in photo.photo]
    assert sides == [(90, 68), (320, 240), (1280, 960)]
    assert document.document.mime_type == "application/pdf"
    assert await fetched(shop, document.document.file_id) == b"%PDF-1"


async def test_bot_sends_every_kind(shop: Shop) -> None:
    data = BufferedInputFile(b"data", "file.bin")
    chat_id = shop.chat_id
    await shop.bot.send_photo(chat_id, png(), caption="<i>c</i>", parse_mode="HTML")
    await shop.bot.send_document(chat_id, data)
    await shop.bot.send_voice(chat_id, data, duration=2)
    await shop.bot.send_video(chat_id, data, width=10, height=10)
    await shop.bot.send_video_note(chat_id, data)
    await shop.bot.send_audio(chat_id, data, title="t")
    await shop.bot.send_animation(chat_id, data)
    await shop.bot.send_sticker(chat_id, data)
    seen = [each["media"]["kind"] for each in shop.anna.screen()["messages"][1:]]
    assert seen == [
        "photo",
        "document",
        "voice",
        "video",
        "video_note",
        "audio",
        "animation",
        "sticker",
    ]
    assert shop.anna.file(shop.anna.received()[1]) == b"data"


async def test_file_id_can_be_sent_again_by_its_own_bot_only(shop: Shop) -> None:
    sent = await shop.bot.send_document(shop.chat_id, BufferedInputFile(b"d", "d.txt"))
    assert sent.document is not None
    again = await shop.bot.send_document(shop.chat_id, sent.document.file_id)
    assert again.document is not None
    assert again.document.file_unique_id == sent.document.file_unique_id
    with pytest.raises(TelegramBadRequest, match="can't use file of type Document as Photo"):
        await shop.bot.send_photo(shop.chat_id, sent.document.file_id)
    shop.world.actor(shop.anna.user, shop.other).start()
    with pytest.raises(TelegramBadRequest, match="wrong file identifier/HTTP URL specified"):
        await shop.other_bot.send_document(shop.chat_id, sent.document.file_id)
    with pytest.raises(TelegramBadRequest, match="invalid file_id"):
        await shop.other_bot.get_file(sent.document.file_id)
    with pytest.raises(TelegramServerError, match="not emulated: sending a file by URL"):
        await shop.bot.send_document(shop.chat_id, "https://example.com/a.txt")


async def test_size_limits(shop: Shop) -> None:
    shop.anna.document(b"x", "big.iso", declared_size=20 * 2**20 + 1)
    (update,) = await shop.bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await shop.bot.get_file(update.message.document.file_id)
    shop.world.config.max_upload = 10
    with pytest.raises(TelegramEntityTooLarge):
        await shop.bot.send_document(shop.chat_id, BufferedInputFile(b"x" * 11, "a"))
    await shop.bot.send_document(shop.chat_id, BufferedInputFile(b"x" * 10, "a"))


async def test_bad_pictures_and_captions(shop: Shop) -> None:
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await shop.bot.send_photo(shop.chat_id, BufferedInputFile(b"no picture", "a.png"))
    long = BufferedInputFile(plain_png(2100, 100), "a.png")
    with pytest.raises(TelegramBadRequest, match="PHOTO_INVALID_DIMENSIONS"):
        await shop.bot.send_photo(shop.chat_id, long)
    with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
        await shop.bot.send_document(shop.chat_id, BufferedInputFile(b"", "a"))
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await shop.bot.send_photo(shop.chat_id, png(), caption="a" * 1025)


async def test_download_links(shop: Shop, http: aiohttp.ClientSession) -> None:
    sent = await shop.bot.send_document(shop.chat_id, BufferedInputFile(b"d", "d.txt"))
    assert sent.document is not None
    file = await shop.bot.get_file(sent.document.file_id)
    url = shop.bot.session.api.file_url(shop.bot.token, file.file_path or "")
    async with http.get(url) as answer:
        assert await answer.read() == b"d"
    shop.clock.advance(3601)
    async with http.get(url) as answer:
        assert answer.status == 404
    async with http.get(url.replace("clients", "strangr")) as answer:
        assert answer.status == 401


async def test_album_from_a_person(shop: Shop) -> None:
    shop.anna.album(caption="two")
    messages = [update.message for update in await shop.bot.get_updates()]
    assert len({message.media_group_id for message in messages if message}) == 1
    assert [message.caption for message in messages if message] == ["two", None]


async def test_album_from_a_bot(shop: Shop) -> None:
    photos: list[MediaUnion] = [
        InputMediaPhoto(media=png(), caption=None),
        InputMediaPhoto(media=png()),
    ]
    sent = await shop.bot.send_media_group(shop.chat_id, photos)
    assert len({each.media_group_id for each in sent}) == 1
    document = InputMediaDocument(media=BufferedInputFile(b"1", "1"))
    cases: list[tuple[list[MediaUnion], str]] = [
        ([document], "media group must include 2-10 items"),
        ([document] * 11, "too many messages to send as an album"),
        (
            [document, InputMediaPhoto(media=png())],
            "Document can't be mixed with other media types",
        ),
    ]
    for items, message in cases:
        with pytest.raises(TelegramBadRequest, match=message):
            await shop.bot.send_media_group(shop.chat_id, items)


async def test_profile_photos(shop: Shop) -> None:
    store = shop.world.files
    meta = {"width": 640, "height": 640}
    shop.anna.user.photos = [store.add("photo", plain_png(640, 640), meta=dict(meta)) for _ in "ab"]
    photos = await shop.bot.get_user_profile_photos(shop.chat_id, limit=1)
    assert photos.total_count == 2
    assert [[size.width for size in each] for each in photos.photos] == [[90, 320, 640]]

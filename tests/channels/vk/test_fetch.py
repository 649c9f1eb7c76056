"""Files of clients come whole; a link that has expired is renewed."""

from __future__ import annotations

import pytest

from channels.vk.parse import parse
from crm_core.dialogs.messages import FileRef, InboundMessage
from routing.contracts import Rejected, RetryLater
from sandbox.botapi.images import plain_png
from sandbox.vk.talk import Message
from tests.channels.vk.conftest import Shop


def refs(shop: Shop, message: Message) -> tuple[FileRef, ...]:
    body = {"type": "message_new", "group_id": 1, "object": {"message": message.json()}}
    (event,) = parse(body)
    assert isinstance(event, InboundMessage)
    return event.files


async def content(shop: Shop, ref: str) -> bytes:
    return b"".join([chunk async for chunk in shop.channel.fetch(ref)])


async def test_files_come_as_they_were(shop: Shop) -> None:
    picture = plain_png(50, 40)
    for message, data in (
        (shop.anna.photo(picture), picture),
        (shop.anna.document("план.pdf", b"%PDF" * 9000), b"%PDF" * 9000),
        (shop.anna.voice(b"OggS voice"), b"OggS voice"),
        (shop.anna.sticker(picture), picture),
    ):
        (file,) = refs(shop, message)
        assert await content(shop, file.ref) == data


async def test_an_expired_link_is_renewed(shop: Shop) -> None:
    message = shop.anna.photo(plain_png(50, 40), plain_png(60, 40))
    _, second = refs(shop, message)
    place = second.ref.partition(" ")[0]
    base = shop.world.base_url
    assert await content(shop, f"{place} {base}/file/999/photo") == plain_png(60, 40)


async def test_what_is_gone_is_gone(shop: Shop) -> None:
    message = shop.anna.document("план.pdf", b"%PDF")
    (file,) = refs(shop, message)
    for stored in shop.world.files.values():
        stored.gone = True
    with pytest.raises(Rejected, match="no longer"):
        await content(shop, file.ref)
    place = file.ref.partition(" ")[0].rpartition(":")[0]
    with pytest.raises(Rejected, match="no longer"):
        await content(shop, f"{place}:7 {shop.world.base_url}/file/999/doc")
    with pytest.raises(Rejected, match="no longer"):
        await content(shop, f" {shop.world.base_url}/file/999/doc")


async def test_a_server_out_of_reach_is_asked_later(shop: Shop) -> None:
    with pytest.raises(RetryLater):
        await content(shop, "1:1:0 http://127.0.0.1:9/x")
    with pytest.raises(Rejected):
        await content(shop, "1:1:0 file:///etc/passwd")

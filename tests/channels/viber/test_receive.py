"""Webhooks: only Viber gets in, 200 only when the event is stored, a welcome in the answer."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from channels.viber.hook import SIGNATURE_HEADER, is_authentic
from crm_core.dialogs.messages import InboundMessage, InboundPress, Kind
from routing.contracts import HookRequest
from sandbox.botapi.images import plain_png
from tests.channels.viber.conftest import TOKEN, MemoryIntake, Shop
from tests.channels.viber.test_parse import body


def call(raw: bytes, signature: str | None = None, method: str = "POST") -> HookRequest:
    if signature is None:
        signature = hmac.new(TOKEN.encode(), raw, hashlib.sha256).hexdigest()
    return HookRequest(method=method, headers={SIGNATURE_HEADER: signature}, query={}, body=raw)


RAW = json.dumps(body("text"), ensure_ascii=False).encode()


async def test_an_event_is_stored_once_and_acknowledged(shop: Shop) -> None:
    for _ in range(2):
        reply = await shop.channel.receive(call(RAW), shop.intake)
        assert (reply.status, reply.body) == (200, b"")
    assert len(shop.intake.events) == 1


@pytest.mark.parametrize("signature", ["", "0" * 64, "я", "wrong"])
async def test_strangers_are_turned_away(shop: Shop, signature: str) -> None:
    for raw in (RAW, b"{"):
        assert (await shop.channel.receive(call(raw, signature), shop.intake)).status == 403
    assert (shop.intake.stored, shop.intake.refused) == ({}, [])


def test_a_signature_of_another_body_opens_nothing() -> None:
    request = call(RAW)
    assert is_authentic(request, TOKEN)
    assert not is_authentic(call(RAW + b" ", request.headers[SIGNATURE_HEADER]), TOKEN)
    assert not is_authentic(call(RAW, hmac.new(b"", RAW, hashlib.sha256).hexdigest()), "")


async def test_only_posts_are_events(shop: Shop) -> None:
    reply = await shop.channel.receive(call(RAW, method="GET"), shop.intake)
    assert reply.status == 405


@pytest.mark.parametrize("raw", [b"{", b"[]", b'{"event": "message"}', b"\xff"])
async def test_what_is_no_event_is_kept_as_refused(shop: Shop, raw: bytes) -> None:
    assert (await shop.channel.receive(call(raw), shop.intake)).status == 200
    assert len(shop.intake.refused) == 1


async def test_what_could_not_be_stored_is_sent_again(shop: Shop) -> None:
    shop.intake.failing = 2
    shop.maria.text("Есть пионы?")
    await shop.server.callbacks.settled()
    assert shop.world.refused_callbacks == [("message", 500), ("message", 500)]
    (event,) = shop.intake.events
    assert isinstance(event, InboundMessage)
    assert event.text == "Есть пионы?"


async def test_the_welcome_is_answered_and_carries_where_from(shop: Shop) -> None:
    await shop.maria.open("instagram")
    assert shop.maria.chat.said[0].body["text"] == "Здравствуйте! Чем помочь?"
    shop.maria.text("Есть пионы?")
    await shop.server.callbacks.settled()
    (event,) = shop.intake.events
    assert isinstance(event, InboundMessage)
    assert event.context == {"start": "instagram"}


async def test_who_is_subscribed_needs_no_welcome(shop: Shop) -> None:
    shop.maria.text("Добрый день")
    assert await shop.maria.open() == {}


async def test_everything_a_client_sends_arrives_and_its_files_can_be_fetched(shop: Shop) -> None:
    picture, paper = plain_png(40, 30), b"%PDF-1.4 bill"
    shop.maria.picture(picture, "пион.png", "вот такие")
    shop.maria.file(paper, "счёт.pdf", "application/pdf")
    shop.maria.contact("Пётр", "+79161234502")
    shop.maria.location(55.75, 37.61)
    shop.maria.sticker(40126)
    shop.maria.chat.keyboard = {"Buttons": [{"ActionBody": "price", "Silent": True}]}
    shop.maria.press("price")
    await shop.server.callbacks.settled()
    *messages, press = shop.intake.events
    assert isinstance(press, InboundPress)
    assert press.data == "price"
    kinds = [message.kind for message in messages if isinstance(message, InboundMessage)]
    assert kinds == [Kind.PHOTO, Kind.DOCUMENT, Kind.CONTACT, Kind.LOCATION, Kind.UNSUPPORTED]
    for message, content in zip(messages, (picture, paper), strict=False):
        assert isinstance(message, InboundMessage)
        chunks = [chunk async for chunk in shop.channel.fetch(message.files[0].ref)]
        assert b"".join(chunks) == content


def test_intake_keeps_the_contract() -> None:
    assert MemoryIntake().events == []

"""Stored callbacks become neutral events."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from channels.viber.parse import key_of, parse
from crm_core.dialogs.messages import (
    ContactCard,
    FileRef,
    InboundEvent,
    InboundFailure,
    InboundMessage,
    InboundPress,
    InboundReach,
    InboundReceipt,
    Kind,
    Location,
    Sender,
)

FIXTURES = Path(__file__).with_name("fixtures")
WHO = "01234567890A="
MARIA = Sender(external_id=WHO, name="Мария Петрова", language="ru")
AT = datetime(2016, 3, 12, 6, 29, 57, 627000, tzinfo=UTC)
SAID = InboundMessage(external_id="", chat=WHO, sender=MARIA, at=AT)
MEDIA = "https://dl-media.example"


def body(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    return found


def said(number: int, **rest: Any) -> InboundMessage:
    return replace(SAID, external_id=str(4912661846655238100 + number), **rest)


PICTURE = FileRef(kind=Kind.PHOTO, ref=f"{MEDIA}/abc/%D0%BF%D0%B8%D0%BE%D0%BD.jpg?Expires=1")
CASES: dict[str, list[InboundEvent]] = {
    "text": [said(45, text="Есть пионы?", context={"start": "instagram"})],
    "picture": [said(46, kind=Kind.PHOTO, text="вот такие", files=(PICTURE,))],
    "file": [
        said(
            47,
            kind=Kind.DOCUMENT,
            files=(FileRef(kind=Kind.DOCUMENT, ref=f"{MEDIA}/f?x=1", name="счёт.pdf", size=10240),),
        )
    ],
    "video": [
        said(
            48,
            kind=Kind.VIDEO,
            files=(FileRef(kind=Kind.VIDEO, ref=f"{MEDIA}/v.mp4", size=20480, duration=12),),
        )
    ],
    "contact": [
        said(49, kind=Kind.CONTACT, contact=ContactCard(phone="+79161234502", name="Пётр"))
    ],
    "location": [
        said(
            50,
            kind=Kind.LOCATION,
            location=Location(latitude=55.75, longitude=37.61, address="Москва"),
        )
    ],
    "sticker": [
        said(51, kind=Kind.UNSUPPORTED, text="[sticker 40126]", context={"unsupported": "sticker"})
    ],
    "url": [said(52, text="https://shop.example/pion")],
    "press": [
        InboundPress(external_id="4912661846655238153", chat=WHO, sender=MARIA, at=AT, data="price")
    ],
    "delivered": [
        InboundReceipt(
            chat=WHO, external_id="4912661846655238154", at=AT, status="delivered", only=True
        )
    ],
    "seen": [
        InboundReceipt(chat=WHO, external_id="4912661846655238154", at=AT, status="read", only=True)
    ],
    "failed": [
        InboundFailure(
            chat=WHO, external_id="4912661846655238155", at=AT, reason="failure description"
        )
    ],
    "subscribed": [InboundReach(chat=WHO, sender=MARIA, at=AT, reachable=True)],
    "unsubscribed": [
        InboundReach(chat=WHO, sender=Sender(external_id=WHO, name=""), at=AT, reachable=False)
    ],
    "conversation_started": [],
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_callback_means(name: str) -> None:
    assert list(parse(body(name))) == CASES[name]


def test_every_fixture_is_looked_at() -> None:
    assert {path.stem for path in FIXTURES.glob("*.json")} == set(CASES)


def test_marks_of_one_message_are_different_events() -> None:
    keys = [key_of(body(name)) for name in ("delivered", "seen")]
    assert keys == ["delivered:4912661846655238154", "seen:4912661846655238154"]


def test_a_token_is_the_same_key_quoted_or_not() -> None:
    quoted = body("text") | {"message_token": "4912661846655238145"}
    assert key_of(quoted) == key_of(body("text"))


@pytest.mark.parametrize(
    "change",
    [
        {"message_token": None},
        {"message_token": "not a number"},
        {"timestamp": -1},
        {"timestamp": 10**18},
        {"sender": {"name": "nobody"}},
        {"message": {"text": "no type"}},
        {"message": {"type": "picture", "media": "file:///etc/passwd"}},
    ],
)
def test_malformed_bodies_are_value_errors(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - pydantic's or ours
        parse(body("text") | change)


def test_what_is_newer_than_we_are_keeps_its_place() -> None:
    (event,) = parse(body("text") | {"message": {"type": "hologram", "text": "смотрите"}})
    assert isinstance(event, InboundMessage)
    assert (event.kind, event.text) == (Kind.UNSUPPORTED, "[hologram]\nсмотрите")


@pytest.mark.parametrize("tracking", ["", "not json", "[]", '{"start": ""}'])
def test_odd_tracking_data_is_no_context(tracking: str) -> None:
    message = {"type": "text", "text": "?", "tracking_data": tracking}
    (event,) = parse(body("text") | {"message": message})
    assert isinstance(event, InboundMessage)
    assert event.context == {}

"""One part, one request to the Bot API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from aiogram.types import FSInputFile

from channels.telegram.config import MEGABYTE
from channels.telegram.natives import native
from channels.telegram.render import edit_method, method, sent_ids
from crm_core.dialogs.messages import (
    Button,
    ContactCard,
    Entity,
    Kind,
    Location,
    OutboundPart,
    OutFile,
)
from routing.contracts import OutcomeUnknown, Rejected

MIME = {
    Kind.PHOTO: "image/jpeg",
    Kind.VIDEO: "video/mp4",
    Kind.VIDEO_NOTE: "video/mp4",
    Kind.VOICE: "audio/ogg",
    Kind.AUDIO: "audio/mpeg",
    Kind.DOCUMENT: "application/pdf",
    Kind.STICKER: "image/webp",
    Kind.ANIMATION: "image/gif",
}
BOLD = Entity(type="bold", offset=0, length=2)


def stored(kind: Kind, **changes: Any) -> OutFile:
    file = OutFile(kind=kind, path="/store/ab", name="файл", mime=MIME[kind], size=10)
    return replace(file, **changes)


def sent(part: OutboundPart, chat: str = "42") -> tuple[str, dict[str, Any]]:
    """Method name and the fields it would send; files as (path, name)."""
    request = method(chat, part)
    return request.__api_method__, _shown(request.model_dump(exclude_unset=True))


def _shown(value: Any) -> Any:
    if isinstance(value, FSInputFile):
        return (str(value.path), value.filename)
    if isinstance(value, dict):
        return {name: _shown(inner) for name, inner in value.items() if inner is not None}
    return [_shown(inner) for inner in value] if isinstance(value, list) else value


def test_text_with_formatting_and_reply() -> None:
    part = OutboundPart(key="k", text="Да <b> & 😀", entities=(BOLD,), reply_to="42:7")
    assert sent(part) == (
        "sendMessage",
        {
            "chat_id": 42,
            "text": "Да <b> & 😀",
            "entities": [{"type": "bold", "offset": 0, "length": 2}],
            "reply_parameters": {"message_id": 7, "allow_sending_without_reply": True},
        },
    )


FILE = ("/store/ab", "файл")
MEASURED = {"duration": 3, "width": 4, "height": 5}


@pytest.mark.parametrize(
    ("kind", "name", "fields"),
    [
        (Kind.PHOTO, "sendPhoto", {"photo": FILE, "caption": "Да"}),
        (Kind.VIDEO, "sendVideo", {"video": FILE, "caption": "Да"} | MEASURED),
        (Kind.ANIMATION, "sendAnimation", {"animation": FILE, "caption": "Да"} | MEASURED),
        (Kind.VOICE, "sendVoice", {"voice": FILE, "caption": "Да", "duration": 3}),
        (Kind.AUDIO, "sendAudio", {"audio": FILE, "caption": "Да", "duration": 3}),
        (Kind.DOCUMENT, "sendDocument", {"document": FILE, "caption": "Да"}),
        (Kind.VIDEO_NOTE, "sendVideoNote", {"video_note": FILE, "duration": 3}),
        (Kind.STICKER, "sendSticker", {"sticker": FILE}),
    ],
)
def test_files_go_as_what_they_are(kind: Kind, name: str, fields: dict[str, Any]) -> None:
    file = stored(kind, **MEASURED)
    part = OutboundPart(key="k", kind=kind, text="Да", files=(file,))
    assert sent(part) == (name, {"chat_id": 42} | fields)


def test_captions_keep_their_formatting() -> None:
    part = OutboundPart(
        key="k", kind=Kind.PHOTO, text="Да", entities=(BOLD,), files=(stored(Kind.PHOTO),)
    )
    _, fields = sent(part)
    assert fields["caption_entities"] == [{"type": "bold", "offset": 0, "length": 2}]


def test_an_album_is_one_request_with_one_caption() -> None:
    files = (stored(Kind.PHOTO), stored(Kind.VIDEO, duration=9))
    name, fields = sent(OutboundPart(key="k", kind=Kind.PHOTO, text="Да", files=files))
    assert name == "sendMediaGroup"
    assert fields["media"] == [
        {"media": FILE, "caption": "Да"},
        {"media": FILE, "duration": 9},
    ]
    request = method("42", OutboundPart(key="k", files=files))
    assert [item.type for item in request.media] == ["photo", "video"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "files",
    [
        (stored(Kind.PHOTO), stored(Kind.PHOTO, size=11 * MEGABYTE)),
        (stored(Kind.AUDIO), stored(Kind.AUDIO, mime="audio/flac")),
        (stored(Kind.VOICE), stored(Kind.PHOTO)),
    ],
    ids=["large photo", "odd sound", "voice"],
)
def test_an_album_that_telegram_would_not_mix_goes_as_documents(files: tuple[OutFile, ...]) -> None:
    request = method("42", OutboundPart(key="k", files=files))
    assert {item.type for item in request.media} == {"document"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        (stored(Kind.VOICE, mime="audio/ogg; codecs=opus"), Kind.VOICE),
        (stored(Kind.VOICE, mime="audio/mpeg"), Kind.AUDIO),
        (stored(Kind.VOICE, mime="audio/wav"), Kind.DOCUMENT),
        (stored(Kind.PHOTO, mime="image/heic"), Kind.DOCUMENT),
        (stored(Kind.PHOTO, size=11 * MEGABYTE), Kind.DOCUMENT),
        (stored(Kind.PHOTO, width=9000, height=2000), Kind.DOCUMENT),
        (stored(Kind.PHOTO, width=2100, height=100), Kind.DOCUMENT),
        (stored(Kind.PHOTO, width=2000, height=100), Kind.PHOTO),
        (stored(Kind.STICKER, size=MEGABYTE), Kind.PHOTO),
        (stored(Kind.STICKER, mime="image/svg+xml"), Kind.DOCUMENT),
        (stored(Kind.VIDEO, mime="video/quicktime"), Kind.DOCUMENT),
        (stored(Kind.VIDEO_NOTE, size=13 * MEGABYTE), Kind.VIDEO),
        (stored(Kind.ANIMATION, mime="video/webm"), Kind.DOCUMENT),
    ],
    ids=lambda value: f"{value.kind} {value.mime}" if isinstance(value, OutFile) else str(value),
)
def test_files_go_as_the_richest_kind_telegram_takes(file: OutFile, kind: Kind) -> None:
    assert native(file).kind is kind


def test_contact_location_and_venue() -> None:
    card = ContactCard(phone="+79990000001", name="Анна")
    assert sent(OutboundPart(key="k", kind=Kind.CONTACT, contact=card)) == (
        "sendContact",
        {"chat_id": 42, "phone_number": "+79990000001", "first_name": "Анна"},
    )
    point = Location(latitude=55.75, longitude=37.61)
    assert sent(OutboundPart(key="k", kind=Kind.LOCATION, location=point)) == (
        "sendLocation",
        {"chat_id": 42, "latitude": 55.75, "longitude": 37.61},
    )
    venue = replace(point, title="Офис", address="Тверская, 1")
    assert sent(OutboundPart(key="k", kind=Kind.LOCATION, location=venue)) == (
        "sendVenue",
        {"chat_id": 42, "latitude": 55.75, "longitude": 37.61}
        | {"title": "Офис", "address": "Тверская, 1"},
    )


def test_names_of_files_can_not_break_the_request() -> None:
    file = stored(Kind.DOCUMENT, name='a/..\\b\r\nX: "y"')
    _, fields = sent(OutboundPart(key="k", kind=Kind.DOCUMENT, files=(file,)))
    assert fields["document"][1] == 'a_.._b_X: "y"'


def test_edits_touch_text_or_caption() -> None:
    request = edit_method("-100:7", OutboundPart(key="k", text="Нет", entities=(BOLD,)))
    assert request.__api_method__ == "editMessageText"
    assert request.model_dump(include={"chat_id", "message_id", "text"}) == {
        "chat_id": -100,
        "message_id": 7,
        "text": "Нет",
    }
    photo = OutboundPart(key="k", kind=Kind.PHOTO, text="Нет", files=(stored(Kind.PHOTO),))
    assert edit_method("-100:7", photo).__api_method__ == "editMessageCaption"


def test_a_foreign_chat_id_is_refused() -> None:
    with pytest.raises(Rejected, match="not an id"):
        method("anna@example.org", OutboundPart(key="k", text="Да"))


def test_ids_of_what_was_sent() -> None:
    message = {"message_id": 7, "chat": {"id": -100}}
    assert sent_ids(message) == ("-100:7",)
    assert sent_ids([message, message | {"message_id": 8}]) == ("-100:7", "-100:8")
    with pytest.raises(OutcomeUnknown):
        sent_ids(True)


def test_buttons_stand_under_messages_and_outlive_edits() -> None:
    rows = ((Button(text="Да", data="yes"), Button(text="Сайт", url="https://shop.example/")),)
    part = OutboundPart(key="k", text="Ждать?", buttons=rows)
    expected = {
        "inline_keyboard": [
            [
                {"text": "Да", "callback_data": "yes"},
                {"text": "Сайт", "url": "https://shop.example/"},
            ]
        ]
    }
    assert sent(part)[1]["reply_markup"] == expected
    photo = replace(part, kind=Kind.PHOTO, files=(stored(Kind.PHOTO),))
    assert sent(photo)[1]["reply_markup"] == expected
    for one in (part, photo):
        edited = _shown(edit_method("42:7", one).model_dump(exclude_unset=True))
        assert edited["reply_markup"] == expected
    album = replace(photo, files=(stored(Kind.PHOTO),) * 2)
    assert "reply_markup" not in sent(album)[1]

"""Neutral part → one Bot API request. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from aiogram.methods import (
    EditMessageCaption,
    EditMessageText,
    SendAnimation,
    SendAudio,
    SendContact,
    SendDocument,
    SendLocation,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    SendSticker,
    SendVenue,
    SendVideo,
    SendVideoNote,
    SendVoice,
    TelegramMethod,
)
from aiogram.types import (
    FSInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    ReplyParameters,
)

from channels.telegram.entities import to_telegram
from channels.telegram.natives import native
from crm_core.dialogs.messages import ContactCard, Kind, Location, OutboundPart, OutFile
from routing.contracts import OutcomeUnknown, Rejected

Fields = dict[str, Any]
Method = TelegramMethod[Any]

METHODS: dict[Kind, tuple[Callable[..., Method], str]] = {
    Kind.PHOTO: (SendPhoto, "photo"),
    Kind.VIDEO: (SendVideo, "video"),
    Kind.VIDEO_NOTE: (SendVideoNote, "video_note"),
    Kind.VOICE: (SendVoice, "voice"),
    Kind.AUDIO: (SendAudio, "audio"),
    Kind.DOCUMENT: (SendDocument, "document"),
    Kind.STICKER: (SendSticker, "sticker"),
    Kind.ANIMATION: (SendAnimation, "animation"),
}
MEDIA: dict[Kind, Callable[..., Any]] = {
    Kind.PHOTO: InputMediaPhoto,
    Kind.VIDEO: InputMediaVideo,
    Kind.AUDIO: InputMediaAudio,
    Kind.DOCUMENT: InputMediaDocument,
}
WITH_SIZE = frozenset({Kind.VIDEO, Kind.ANIMATION})
WITH_DURATION = WITH_SIZE | {Kind.VOICE, Kind.AUDIO, Kind.VIDEO_NOTE}
NO_CAPTION = frozenset({Kind.STICKER, Kind.VIDEO_NOTE})


def method(chat: str, part: OutboundPart) -> Method:
    """The request that sends a part; raises Rejected when the chat id is not Telegram's."""
    target = _target(chat, part.reply_to)
    if part.buttons and len(part.files) < 2:
        target["reply_markup"] = keyboard(part)
    if len(part.files) > 1:
        return SendMediaGroup(**target, media=_album(part))
    if part.files:
        return _file(target, part, native(part.files[0]))
    if part.contact is not None:
        return _contact(target, part.contact)
    if part.location is not None:
        return _location(target, part.location)
    return SendMessage(**target, text=part.text, entities=to_telegram(part.entities) or None)


def edit_method(external_id: str, part: OutboundPart) -> Method:
    """The request that changes text (or caption, when the part has files) of a sent part."""
    chat, message = split_id(external_id)
    entities = to_telegram(part.entities) or None
    if part.files:
        return EditMessageCaption(
            chat_id=chat,
            message_id=message,
            caption=part.text,
            caption_entities=entities,
            reply_markup=keyboard(part),
        )
    return EditMessageText(
        chat_id=chat,
        message_id=message,
        text=part.text,
        entities=entities,
        reply_markup=keyboard(part),
    )


def keyboard(part: OutboundPart) -> InlineKeyboardMarkup | None:
    """The part's buttons; without them an edit takes the keyboard away."""
    rows = [
        [
            InlineKeyboardButton(text=one.text, url=one.url)
            if one.url
            else InlineKeyboardButton(text=one.text, callback_data=one.data)
            for one in row
        ]
        for row in part.buttons
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def split_id(external_id: str) -> tuple[int, int]:
    """`chat:message` → both numbers."""
    chat, _, message = external_id.partition(":")
    return _number(chat), _number(message)


def sent_ids(result: Any) -> tuple[str, ...]:
    """Ids of what Telegram says it has sent: one message, or all of an album.

    Raises OutcomeUnknown when the answer does not tell.
    """
    messages = result if isinstance(result, list) else [result]
    try:
        return tuple(f"{message['chat']['id']}:{message['message_id']}" for message in messages)
    except (KeyError, TypeError):
        line = "Telegram took the message but did not say under which number."
        raise OutcomeUnknown(line) from None


def _target(chat: str, reply_to: str | None) -> Fields:
    target: Fields = {"chat_id": _number(chat)}
    if reply_to is not None:
        target["reply_parameters"] = ReplyParameters(
            message_id=split_id(reply_to)[1], allow_sending_without_reply=True
        )
    return target


def _number(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", text):
        message = f"“{text}” is not an id of a Telegram chat or message."
        raise Rejected(message)
    return int(text)


def _file(target: Fields, part: OutboundPart, file: OutFile) -> Method:
    make, field = METHODS[file.kind]
    caption = {} if file.kind in NO_CAPTION else _caption(part)
    return make(**target, **{field: _input(file)}, **_measures(file), **caption)


def _album(part: OutboundPart) -> list[Any]:
    """One album holds photos and videos, or only documents, or only audio."""
    files: Sequence[OutFile] = [native(file) for file in part.files]
    kinds = {file.kind for file in files}
    if kinds - MEDIA.keys() or (len(kinds) > 1 and kinds != {Kind.PHOTO, Kind.VIDEO}):
        files = [replace(file, kind=Kind.DOCUMENT) for file in files]
    return [
        MEDIA[file.kind](
            media=_input(file), **_measures(file), **({} if number else _caption(part))
        )
        for number, file in enumerate(files)
    ]


def _caption(part: OutboundPart) -> Fields:
    if not part.text:
        return {}
    return {"caption": part.text, "caption_entities": to_telegram(part.entities) or None}


def _measures(file: OutFile) -> Fields:
    known: Fields = {}
    if file.kind in WITH_DURATION:
        known["duration"] = file.duration
    if file.kind in WITH_SIZE:
        known |= {"width": file.width, "height": file.height}
    return {name: value for name, value in known.items() if value}


def _input(file: OutFile) -> FSInputFile:
    """The name goes into a header: no line breaks and no folders in it."""
    name = re.sub(r"[\x00-\x1f\x7f/\\]+", "_", file.name).strip() or "file"
    return FSInputFile(file.path, filename=name)


def _contact(target: Fields, card: ContactCard) -> Method:
    return SendContact(**target, phone_number=card.phone, first_name=card.name or card.phone)


def _location(target: Fields, place: Location) -> Method:
    point: Fields = {"latitude": place.latitude, "longitude": place.longitude}
    title = place.title or place.address
    if not title:
        return SendLocation(**target, **point)
    return SendVenue(**target, **point, title=title, address=place.address or title)

"""Formatting: Telegram's entities to neutral ones and back; both count UTF-16 units."""

from __future__ import annotations

from collections.abc import Iterable

from aiogram.types import MessageEntity

from channels.telegram import wire
from crm_core.dialogs.messages import Entity

FORMATTING = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "pre",
        "text_link",
        "blockquote",
    }
)
DETECTED = frozenset(
    {"url", "email", "phone_number", "mention", "hashtag", "cashtag", "bot_command"}
)


def to_neutral(entities: Iterable[wire.MessageEntity | MessageEntity]) -> tuple[Entity, ...]:
    """Known kinds; a mention by id becomes a link, custom emoji stay plain emoji."""
    return tuple(entity for raw in entities if (entity := _neutral(raw)) is not None)


def to_telegram(entities: Iterable[Entity]) -> list[MessageEntity]:
    """Formatting only: links, phones and commands in plain sight Telegram finds by itself."""
    return [
        MessageEntity(
            type=entity.type,
            offset=entity.offset,
            length=entity.length,
            url=entity.url,
            language=entity.language,
        )
        for entity in entities
        if entity.type in FORMATTING
    ]


def _neutral(raw: wire.MessageEntity | MessageEntity) -> Entity | None:
    kind, url = raw.type, raw.url
    if kind == "expandable_blockquote":
        kind = "blockquote"
    elif kind == "text_mention" and raw.user is not None:
        kind, url = "text_link", f"tg://user?id={raw.user.id}"
    if kind not in FORMATTING | DETECTED or raw.offset < 0 or raw.length < 1:
        return None
    return Entity(type=kind, offset=raw.offset, length=raw.length, url=url, language=raw.language)

"""Stored Telegram update → neutral events. Pure; malformed bodies raise ValueError."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from channels.telegram import wire
from channels.telegram.content import describe, is_service, kind_and_files, unsupported_name
from channels.telegram.entities import to_neutral
from crm_core.dialogs.messages import (
    ChatMigrated,
    ContactCard,
    InboundEdit,
    InboundEvent,
    InboundMessage,
    InboundPress,
    InboundReach,
    Kind,
    Location,
    Sender,
)

START = "/start"
PRESENT = frozenset({"creator", "administrator", "member"})


def parse(body: dict[str, Any]) -> list[InboundEvent]:
    """Events of one update; empty for what is not a client's doing (bots, channel posts, …)."""
    update = wire.Update.model_validate(body)
    if update.message is not None:
        return _message(update.message, update.pult.download_limit)
    if update.edited_message is not None:
        return _edit(update.edited_message)
    if update.callback_query is not None:
        return _press(update.callback_query, update.pult.received)
    if update.my_chat_member is not None:
        return _reach(update.my_chat_member)
    return []


def _message(message: wire.Message, limit: int) -> list[InboundEvent]:
    if message.migrate_to_chat_id is not None:
        new_chat = str(message.migrate_to_chat_id)
        return [ChatMigrated(chat=_chat(message), new_chat=new_chat, at=message.date)]
    author = _author(message)
    if author is None or is_service(message):
        return []
    if message.chat.type == "private" and _start_payload(message.text) == "":
        return [_started(message, author)]
    kind, files = kind_and_files(message, limit)
    text, context = _words(message, kind), _context(message)
    if kind is Kind.UNSUPPORTED:
        name = unsupported_name(message)
        words = describe(name, (message.model_extra or {}).get(name))
        text, context = "\n".join(filter(None, (words, text))), context | {"unsupported": name}
    return [
        InboundMessage(
            external_id=_id(message),
            chat=_chat(message),
            sender=_sender(author, message.contact),
            at=_moment(message),
            kind=kind,
            text=text,
            entities=() if kind is Kind.UNSUPPORTED else _entities(message),
            files=files,
            contact=_contact(message, author),
            location=_location(message),
            reply_to=_reply_to(message),
            album=message.media_group_id,
            context=context,
        )
    ]


def _moment(message: wire.Message) -> datetime:
    """Telegram tells whole seconds: within one of them its numbers of messages keep the order."""
    return message.date + timedelta(microseconds=message.message_id % 1_000_000)


def _started(message: wire.Message, author: wire.User) -> InboundReach:
    """Pressing Start says nothing yet: it only opens the way to write to this person."""
    return InboundReach(
        chat=_chat(message), sender=_sender(author), at=message.date, reachable=True
    )


def _edit(message: wire.Message) -> list[InboundEvent]:
    """Text and captions; a live location moves without words and is left alone."""
    if _author(message) is None or message.location is not None:
        return []
    return [
        InboundEdit(
            external_id=_id(message),
            chat=_chat(message),
            at=message.edit_date or message.date,
            text=message.text or message.caption or "",
            entities=_entities(message),
        )
    ]


def _press(query: wire.CallbackQuery, received: datetime | None) -> list[InboundEvent]:
    """A press carries no time of its own: it counts from when we received it."""
    if query.message is None or query.data is None or query.sender.is_bot:
        return []
    chat = str(query.message.chat.id)
    return [
        InboundPress(
            external_id=query.id,
            chat=chat,
            sender=_sender(query.sender),
            at=received or query.message.date,
            data=query.data,
            message=f"{chat}:{query.message.message_id}",
        )
    ]


def _reach(change: wire.ChatMemberUpdated) -> list[InboundEvent]:
    if change.chat.type == "channel":
        return []
    member = change.new_chat_member
    restricted = member.status == "restricted" and member.can_send_messages
    return [
        InboundReach(
            chat=str(change.chat.id),
            sender=_sender(change.sender),
            at=change.date,
            reachable=member.status in PRESENT or restricted,
        )
    ]


def _author(message: wire.Message) -> wire.User | None:
    """The person who wrote; None for bots, channels and those who write in a chat's name."""
    author = message.sender
    if author is None or author.is_bot or message.sender_chat or message.chat.type == "channel":
        return None
    return author


def _chat(message: wire.Message) -> str:
    return str(message.chat.id)


def _id(message: wire.Message) -> str:
    return f"{message.chat.id}:{message.message_id}"


def _full_name(first: str, last: str | None) -> str:
    return " ".join(filter(None, (first, last)))


def _sender(user: wire.User, contact: wire.Contact | None = None) -> Sender:
    own = contact is not None and contact.user_id == user.id
    return Sender(
        external_id=str(user.id),
        name=_full_name(user.first_name, user.last_name) or user.username or str(user.id),
        username=user.username,
        language=user.language_code,
        phone=contact.phone_number if contact and own else None,
    )


def _words(message: wire.Message, kind: Kind) -> str:
    if kind is Kind.STICKER and message.sticker:
        return message.sticker.emoji or ""
    return message.text or message.caption or ""


def _entities(message: wire.Message) -> Any:
    return to_neutral(message.caption_entities if message.text is None else message.entities)


def _contact(message: wire.Message, author: wire.User) -> ContactCard | None:
    card = message.contact
    if card is None:
        return None
    name = _full_name(card.first_name, card.last_name)
    return ContactCard(phone=card.phone_number, name=name, own=card.user_id == author.id)


def _location(message: wire.Message) -> Location | None:
    point = message.venue.location if message.venue else message.location
    if point is None:
        return None
    return Location(
        latitude=point.latitude,
        longitude=point.longitude,
        title=message.venue.title if message.venue else None,
        address=message.venue.address or None if message.venue else None,
    )


def _reply_to(message: wire.Message) -> str | None:
    """In a forum every message replies to the start of its topic: that is no reply."""
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None:
        return None
    return f"{message.chat.id}:{replied.message_id}"


def _context(message: wire.Message) -> dict[str, Any]:
    """What else is known: payload of a start link, group, source of a forward, quoted words."""
    known = {
        "start": _start_payload(message.text),
        "group": message.chat.title if message.chat.type != "private" else None,
        "forwarded_from": _origin(message.forward_origin) if message.forward_origin else None,
        "quote": message.quote.text if message.quote else None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _start_payload(text: str | None) -> str | None:
    """`/start payload` and `/start@bot payload`; an empty string for a bare `/start`."""
    command, _, payload = (text or "").partition(" ")
    return payload.strip() if command.partition("@")[0] == START else None


def _origin(origin: wire.Origin) -> str:
    if origin.sender_user is not None:
        return _full_name(origin.sender_user.first_name, origin.sender_user.last_name)
    chat = origin.sender_chat or origin.chat
    return origin.sender_user_name or (chat.title if chat and chat.title else "")

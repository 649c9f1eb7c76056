"""Stored VK event → neutral events. Pure; malformed bodies raise ValueError."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.vk import content, market, wire
from channels.vk.content import sender
from crm_core.dialogs.messages import (
    FileRef,
    InboundEdit,
    InboundEvent,
    InboundMessage,
    InboundOwn,
    InboundPress,
    InboundReach,
    InboundReceipt,
    Kind,
    Location,
)

GROUPS_FROM = 2_000_000_000  # peers above are chats of several people
OURS = "pult"
NOBODY_KNOWS = datetime.fromtimestamp(0, UTC)


def parse(body: dict[str, Any]) -> list[InboundEvent]:
    """Events of one body; empty for what is not about dialogs and orders (likes, joins, …)."""
    event = wire.Event.model_validate(body)
    make = EVENTS.get(event.type)
    return [] if make is None else make(event)


def external_id(peer: int, number: int) -> str:
    """`peer:conversation_message_id`: VK numbers messages of several people's chats only so."""
    return f"{peer}:{number}"


def _new(event: wire.Event) -> list[InboundEvent]:
    """A client's message; the object is the message itself in events of old versions."""
    message = _inner(event)
    if message.from_id <= 0 or message.out or message.action is not None:
        return []
    found, people = _files(message), event.pult.people
    kind = _kind(message, found)
    text = content.words(message, people)
    return [
        InboundMessage(
            external_id=_id(message),
            chat=str(message.peer_id),
            sender=sender(message.from_id, people),
            at=_moment(message),
            kind=kind,
            text=text or ("unknown content" if kind is Kind.UNSUPPORTED else ""),
            files=found,
            location=_location(message),
            reply_to=_reply_to(message),
            context=_context(message, people),
        )
    ]


def _reply(event: wire.Event) -> list[InboundEvent]:
    """Our side's words: typed by an operator in VK's own page, or sent by Pult a moment ago."""
    message = wire.Message.model_validate(event.object)
    if message.action is not None:
        return []
    found = _files(message)
    author = event.pult.people.get(str(message.admin_author_id))
    return [
        InboundOwn(
            external_id=_id(message),
            chat=str(message.peer_id),
            at=_moment(message),
            kind=_kind(message, found),
            text=content.words(message, event.pult.people),
            files=found,
            author=author.name if author and author.name else None,
            key=_ours(message.payload),
        )
    ]


def _edit(event: wire.Event) -> list[InboundEvent]:
    """A correction of the client's, or of ours: also VK's echo of what Pult has corrected."""
    message = wire.Message.model_validate(event.object)
    return [
        InboundEdit(
            external_id=_id(message),
            chat=str(message.peer_id),
            at=message.update_time or event.pult.received or message.date,
            text=content.words(message, event.pult.people),
            own=message.from_id <= 0 or bool(message.out),
        )
    ]


def _press(event: wire.Event) -> list[InboundEvent]:
    """A press carries no time of its own: it counts from when we received it."""
    press = wire.Pressed.model_validate(event.object)
    data = _ours(wire.loaded(press.payload))
    if data is None:
        return []
    number = press.conversation_message_id
    return [
        InboundPress(
            external_id=press.event_id,
            chat=str(press.peer_id),
            sender=sender(press.user_id, event.pult.people),
            at=event.pult.received or NOBODY_KNOWS,
            data=data,
            message=external_id(press.peer_id, number) if number else None,
        )
    ]


def _read(event: wire.Event) -> list[InboundEvent]:
    """The client has read; what the community itself reads is no news."""
    read = wire.Read.model_validate(event.object)
    if read.from_id <= 0:
        return []
    return [
        InboundReceipt(
            chat=str(read.peer_id),
            external_id=external_id(read.peer_id, read.conversation_message_id),
            at=event.pult.received or NOBODY_KNOWS,
            status="read",
        )
    ]


def _consent(event: wire.Event) -> list[InboundEvent]:
    """The client allowed, or forbade, messages from the community."""
    consent = wire.Consent.model_validate(event.object)
    return [
        InboundReach(
            chat=str(consent.user_id),
            sender=sender(consent.user_id, event.pult.people),
            at=event.pult.received or NOBODY_KNOWS,
            reachable=event.type == "message_allow",
        )
    ]


def _order(event: wire.Event) -> list[InboundEvent]:
    return [market.lead(event.object, event.pult)]


EVENTS: dict[str, Callable[[wire.Event], list[InboundEvent]]] = {
    "message_new": _new,
    "message_reply": _reply,
    "message_edit": _edit,
    "message_event": _press,
    "message_read": _read,
    "message_allow": _consent,
    "message_deny": _consent,
    "market_order_new": _order,
    "market_order_edit": _order,
}


def _inner(event: wire.Event) -> wire.Message:
    if "message" in event.object:
        return wire.NewMessage.model_validate(event.object).message
    return wire.Message.model_validate(event.object)


def _id(message: wire.Message) -> str:
    if not message.peer_id or not message.conversation_message_id:
        raise ValueError("a message without peer_id and conversation_message_id")
    return external_id(message.peer_id, message.conversation_message_id)


def _moment(message: wire.Message) -> datetime:
    """VK tells whole seconds: within one of them its numbers of messages keep the order."""
    return message.date + timedelta(microseconds=message.conversation_message_id % 1_000_000)


def _files(message: wire.Message) -> tuple[FileRef, ...]:
    return content.files(message, _id(message))


def _kind(message: wire.Message, found: tuple[FileRef, ...]) -> Kind:
    if found:
        return found[0].kind
    if message.geo:
        return Kind.LOCATION
    if message.text or message.fwd_messages or any(map(_is_known, message.attachments)):
        return Kind.TEXT
    return Kind.UNSUPPORTED


def _is_known(attachment: dict[str, Any]) -> bool:
    return attachment.get("type") in {"video", "link", "market", "wall", "audio"}


def _location(message: wire.Message) -> Location | None:
    geo = message.geo
    if geo is None:
        return None
    return Location(
        latitude=geo.coordinates.latitude,
        longitude=geo.coordinates.longitude,
        title=geo.place.title if geo.place else None,
        address=geo.place.city if geo.place else None,
    )


def _reply_to(message: wire.Message) -> str | None:
    replied = message.reply_message
    if replied is None or not replied.conversation_message_id:
        return None
    return external_id(replied.peer_id or message.peer_id, replied.conversation_message_id)


def _ours(payload: Any) -> str | None:
    """What Pult has put into a button or a message; None for what is not Pult's."""
    data = payload.get(OURS) if isinstance(payload, dict) else None
    return data if isinstance(data, str) else None


def _context(message: wire.Message, people: content.People) -> dict[str, Any]:
    """What else is known: link it began with, item of the shop, picture of the person."""
    known: dict[str, Any] = {
        "start": message.ref,
        "utm_source": message.ref_source,
        "payload": message.payload,
        "group": True if message.peer_id > GROUPS_FROM else None,
        "cropped": message.is_cropped or None,
    }
    if person := people.get(str(message.from_id)):
        known["picture"] = person.picture
    if item := content.item_of(message):
        title, price, address = content.item_words(item)
        known |= {"item": title, "item_price": price or None, "page": address}
    return {name: value for name, value in known.items() if value is not None}

"""Stored Viber callback → neutral events. Pure; malformed bodies raise ValueError."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from channels.viber import wire
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
from crm_core.kernel.i18n import N_

NOT_DELIVERED = N_("Viber could not deliver it.")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FILES = {"picture": Kind.PHOTO, "video": Kind.VIDEO, "file": Kind.DOCUMENT}
STATUS = {"delivered": "delivered", "seen": "read"}
START = "start"


def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
    """Events of one callback; empty for what says nothing (webhook, conversation_started)."""
    reader = _READERS.get(str(body.get("event")))
    return reader(body) if reader else []


def key_of(body: dict[str, Any]) -> str:
    """The key of a callback: marks bear the token of our own message, so the event belongs to
    it. ValueError when it has none."""
    callback = wire.Callback.model_validate(body)
    return f"{callback.event}:{callback.message_token}"


def tracking(context: str) -> str:
    """What a welcome carries along so that the first message comes back with it."""
    return json.dumps({START: context[:1000]}, ensure_ascii=False)


def _message(body: dict[str, Any]) -> list[InboundEvent]:
    callback = wire.Message.model_validate(body)
    said, chat, at = callback.message, callback.sender.id, _at(callback)
    if callback.silent and said.text:
        press = InboundPress(
            external_id=callback.message_token,
            chat=chat,
            sender=_sender(callback.sender),
            at=at,
            data=said.text,
        )
        return [press]
    kind = _kind(said)
    return [
        InboundMessage(
            external_id=callback.message_token,
            chat=chat,
            sender=_sender(callback.sender),
            at=at,
            kind=kind,
            text=_text(said, kind),
            files=_files(said, callback.message_token),
            contact=_contact(said),
            location=_location(said),
            context=_context(said, kind),
        )
    ]


def _kind(said: wire.Content) -> Kind:
    if said.type in {"text", "url"}:
        return Kind.TEXT
    if said.type in FILES and said.media:
        return FILES[said.type]
    if said.type == "contact" and said.contact:
        return Kind.CONTACT
    if said.type == "location" and said.location:
        return Kind.LOCATION
    # A sticker's picture belongs to Viber's shop: its number is all there is.
    return Kind.UNSUPPORTED


def _text(said: wire.Content, kind: Kind) -> str:
    if kind is Kind.UNSUPPORTED:
        number = f" {said.sticker_id}" if said.sticker_id is not None else ""
        return "\n".join(filter(None, (f"[{said.type}{number}]", said.text)))
    words = said.text or ""
    if said.type == "url" and said.media and said.media not in words:
        return f"{words}\n{said.media}".strip()
    return words


def _files(said: wire.Content, token: str) -> tuple[FileRef, ...]:
    if said.type not in FILES or not said.media:
        return ()
    address = urlsplit(said.media)
    if address.scheme not in {"http", "https"} or not address.hostname:
        message = f"the media of message {token} is no web address"
        raise ValueError(message)
    name = said.file_name or unquote(address.path.rpartition("/")[2]) or None
    return (
        FileRef(
            kind=FILES[said.type],
            ref=said.media,
            name=name if said.type == "file" else None,
            size=said.file_size or said.size,
            duration=said.duration,
        ),
    )


def _contact(said: wire.Content) -> ContactCard | None:
    if said.type != "contact" or said.contact is None:
        return None
    return ContactCard(phone=said.contact.phone_number, name=said.contact.name)


def _location(said: wire.Content) -> Location | None:
    place = said.location if said.type == "location" else None
    if place is None:
        return None
    return Location(latitude=place.lat, longitude=place.lon, address=place.address or None)


def _context(said: wire.Content, kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = {"unsupported": said.type} if kind is Kind.UNSUPPORTED else {}
    try:
        carried = json.loads(said.tracking_data or "{}")
    except ValueError:
        return found
    if isinstance(carried, dict) and carried.get(START):
        found[START] = str(carried[START])
    return found


def _subscribed(body: dict[str, Any]) -> list[InboundEvent]:
    callback = wire.Subscribed.model_validate(body)
    return [
        InboundReach(
            chat=callback.user.id,
            sender=_sender(callback.user),
            at=_at(callback),
            reachable=True,
        )
    ]


def _unsubscribed(body: dict[str, Any]) -> list[InboundEvent]:
    callback = wire.Unsubscribed.model_validate(body)
    sender = Sender(external_id=callback.user_id, name="")
    return [InboundReach(chat=callback.user_id, sender=sender, at=_at(callback), reachable=False)]


def _mark(body: dict[str, Any]) -> list[InboundEvent]:
    callback = wire.Mark.model_validate(body)
    return [
        InboundReceipt(
            chat=callback.user_id,
            external_id=callback.message_token,
            at=_at(callback),
            status=STATUS[callback.event],
            only=True,
        )
    ]


def _failed(body: dict[str, Any]) -> list[InboundEvent]:
    callback = wire.Failed.model_validate(body)
    return [
        InboundFailure(
            chat=callback.user_id,
            external_id=callback.message_token,
            at=_at(callback),
            reason=callback.desc.strip() or NOT_DELIVERED,
        )
    ]


def _at(callback: wire.Callback) -> datetime:
    return EPOCH + timedelta(milliseconds=callback.timestamp)


def _sender(user: wire.User) -> Sender:
    return Sender(
        external_id=user.id, name=user.name or user.id, language=(user.language or "")[:8] or None
    )


_READERS: dict[str, Callable[[dict[str, Any]], list[InboundEvent]]] = {
    "message": _message,
    "subscribed": _subscribed,
    "unsubscribed": _unsubscribed,
    "delivered": _mark,
    "seen": _mark,
    "failed": _failed,
}

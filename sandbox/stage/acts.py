"""What a person on the stage can do, by name. Each act gets an `Ask` and returns a small answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.botapi.actor import Actor
from sandbox.botapi.press import press_button
from sandbox.botapi.state import Message
from sandbox.stage.config import Json, Person
from sandbox.stage.errors import StageError
from sandbox.stage.media import MEDIA_ACTS, Draft, send_media
from sandbox.stage.request import Upload

_MAX_TEXT = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Who acts (already in the right topic), with what."""

    actor: Actor
    person: Person
    body: Json
    uploads: list[Upload] = field(default_factory=list)

    def text(self, key: str = "text", limit: int = _MAX_TEXT) -> str:
        value = str(self.body.get(key) or "").strip()
        if len(value) > limit:
            raise StageError("too_long")
        return value

    def needed(self, key: str = "text") -> str:
        """A text that must not be empty."""
        value = self.text(key)
        if not value:
            raise StageError("empty")
        return value

    def message(self, key: str = "message_id") -> Message:
        found = self.optional_message(key)
        if found is None:
            raise StageError("gone", 409)
        return found

    def optional_message(self, key: str = "reply_to") -> Message | None:
        wanted = self.body.get(key)
        return self.actor.chat.messages.get(wanted) if isinstance(wanted, int) else None

    def own_message(self) -> Message:
        message = self.message()
        if message.sender.id != self.actor.user.id:
            raise StageError("not_yours", 403)
        return message


Act = Callable[[Ask], Json]


def perform(name: str, ask: Ask) -> Json:
    """Do it; StageError says why not."""
    act = _ACTS.get(name)
    if act is None:
        raise StageError("bad_request")
    try:
        return act(ask)
    except PermissionError:
        raise StageError("blocked", 409) from None
    except LookupError:
        raise StageError("gone", 409) from None


def _start(ask: Ask) -> Json:
    return _sent(ask.actor.start(ask.text("payload", 64)))


def _text(ask: Ask) -> Json:
    return _sent(ask.actor.text(ask.needed(), reply_to=ask.optional_message()))


def _edit(ask: Ask) -> Json:
    message = ask.own_message()
    ask.actor.edit(message, ask.needed())
    return _sent(message)


def _delete(ask: Ask) -> Json:
    ask.actor.delete(ask.own_message())
    return {}


def _react(ask: Ask) -> Json:
    emoji = ask.text("emoji", 16)
    ask.actor.react(ask.message(), *([emoji] if emoji else []))
    return {}


def _press(ask: Ask) -> Json:
    press = press_button(ask.actor, ask.needed("button"), ask.message())
    return {"callback_id": press.callback.id}


def _tap(ask: Ask) -> Json:
    return _sent(ask.actor.tap(ask.needed("button")))


def _share_contact(ask: Ask) -> Json:
    return _sent(ask.actor.share_contact(ask.needed("button"), ask.person.phone))


def _contact(ask: Ask) -> Json:
    user = ask.actor.user
    return _sent(ask.actor.contact(ask.person.phone, user.first_name, user_id=user.id))


def _location(ask: Ask) -> Json:
    try:
        latitude, longitude = float(ask.body["latitude"]), float(ask.body["longitude"])
    except (KeyError, TypeError, ValueError):
        raise StageError("bad_request") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise StageError("bad_request")
    return _sent(ask.actor.location(latitude, longitude))


def _topic(ask: Ask) -> Json:
    return {"thread_id": ask.actor.create_topic(ask.needed("name")[:128])}


def _block(ask: Ask) -> Json:
    ask.actor.block()
    return {}


def _unblock(ask: Ask) -> Json:
    ask.actor.unblock()
    return {}


def _media(ask: Ask) -> Json:
    reply = ask.optional_message()
    draft = Draft(
        kind=str(ask.body["act"]),
        uploads=ask.uploads,
        caption=ask.text("caption", 1024),
        reply_to=reply.id if reply else None,
    )
    return _sent(*send_media(ask.actor, draft))


def _sent(*messages: Message) -> Json:
    return {"message_ids": [each.id for each in messages]}


_ACTS: Mapping[str, Act] = {
    "start": _start,
    "text": _text,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "press": _press,
    "tap": _tap,
    "share_contact": _share_contact,
    "contact": _contact,
    "location": _location,
    "topic": _topic,
    "block": _block,
    "unblock": _unblock,
} | dict.fromkeys(MEDIA_ACTS, _media)

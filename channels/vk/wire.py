"""The few fields of VK objects that we read; everything else is let through unseen.

Own models: a field or kind nobody knew must not cost a client's message. Source: vk-api-schema.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, field_validator


class Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Point(Wire):
    latitude: float
    longitude: float


class Place(Wire):
    title: str | None = None
    city: str | None = None


class Geo(Wire):
    coordinates: Point
    place: Place | None = None


class Message(Wire):
    """A message; those inside others (replies, forwards) may lack `peer_id` and `id`."""

    id: int = 0
    conversation_message_id: int = 0
    date: datetime
    update_time: datetime | None = None
    from_id: int
    peer_id: int = 0
    out: int = 0
    text: str = ""
    attachments: tuple[dict[str, Any], ...] = ()
    geo: Geo | None = None
    reply_message: Message | None = None
    fwd_messages: tuple[Message, ...] = ()
    payload: Any = None
    ref: str | None = None
    ref_source: str | None = None
    action: Any = None
    admin_author_id: int | None = None
    is_cropped: bool = False

    @field_validator("payload")
    @classmethod
    def _loaded(cls, payload: Any) -> Any:
        return loaded(payload)


class NewMessage(Wire):
    message: Message


class Pressed(Wire):
    """A callback button; `payload` comes as JSON or as its text."""

    user_id: int
    peer_id: int
    event_id: str
    payload: Any = None
    conversation_message_id: int | None = None


class Read(Wire):
    from_id: int
    peer_id: int
    conversation_message_id: int


class Consent(Wire):
    user_id: int


class Person(Wire):
    """What we keep of a profile beside an event."""

    name: str = ""
    username: str | None = None
    picture: str | None = None


class Envelope(Wire):
    """What the channel knew when the event came; stored with it so that parsing stays pure."""

    received: datetime | None = None
    people: dict[str, Person] = Field(default_factory=dict)
    items: tuple[dict[str, Any], ...] = ()


class Event(Wire):
    type: str
    group_id: int
    object: dict[str, Any] = Field(default_factory=dict)
    pult: Envelope = Envelope()


def loaded(payload: Any) -> Any:
    """JSON in a string, or what it already is; None for what is neither."""
    if not isinstance(payload, str):
        return payload
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return payload or None

"""Viber's callbacks as they come. Source: developers.viber.com/docs/api/rest-bot-api."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

# A 64-bit number, sometimes in quotes: kept as text, nothing may round it.
Token = Annotated[
    str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)
]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class User(_Wire):
    id: str = Field(min_length=1)
    name: str = ""
    avatar: str | None = None
    country: str | None = None
    language: str | None = None


class Place(_Wire):
    lat: float
    lon: float
    address: str | None = None


class Card(_Wire):
    name: str = ""
    phone_number: str


class Content(_Wire):
    """The `message` of a message: which fields are there depends on `type`."""

    type: str
    text: str | None = None
    media: str | None = None
    file_name: str | None = None
    size: int | None = None
    file_size: int | None = None
    duration: int | None = None
    sticker_id: int | None = None
    location: Place | None = None
    contact: Card | None = None
    tracking_data: str | None = None


class Callback(_Wire):
    """Any callback; `timestamp` in milliseconds."""

    event: str
    timestamp: int = Field(ge=0, le=253_402_300_799_000)
    message_token: Token = Field(pattern=r"^\d{1,32}$")


class Message(Callback):
    event: Literal["message"]
    sender: User
    message: Content
    silent: bool = False


class Subscribed(Callback):
    event: Literal["subscribed"]
    user: User


class Unsubscribed(Callback):
    event: Literal["unsubscribed"]
    user_id: str = Field(min_length=1)


class Mark(Callback):
    event: Literal["delivered", "seen"]
    user_id: str = Field(min_length=1)


class Failed(Callback):
    event: Literal["failed"]
    user_id: str = Field(min_length=1)
    desc: str = ""


class Started(Callback):
    """`context` is what stood in the deep link."""

    event: Literal["conversation_started"]
    user: User
    context: str | None = None
    subscribed: bool = False

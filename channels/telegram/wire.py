"""The few fields of Bot API objects that we read; everything else is let through unseen.

Own models rather than the library's: a field or kind unknown to the library must not cost a
client's message. Source: core.telegram.org/bots/api.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

DOWNLOAD_LIMIT = 20 * 1024 * 1024


class Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class User(Wire):
    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


class Chat(Wire):
    id: int
    type: str
    title: str | None = None


class MessageEntity(Wire):
    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    user: User | None = None


class File(Wire):
    """Photo size, voice, video, sticker, document …: they differ in which fields they fill."""

    file_id: str
    file_size: int | None = None
    file_name: str | None = None
    mime_type: str | None = None
    width: int | None = None
    height: int | None = None
    length: int | None = None
    duration: int | None = None
    emoji: str | None = None
    is_animated: bool = False
    is_video: bool = False


class Contact(Wire):
    phone_number: str
    first_name: str = ""
    last_name: str | None = None
    user_id: int | None = None


class Location(Wire):
    latitude: float
    longitude: float


class Venue(Wire):
    location: Location
    title: str
    address: str = ""


class Replied(Wire):
    message_id: int
    forum_topic_created: Any = None


class Quote(Wire):
    text: str


class Origin(Wire):
    """Where a forwarded message came from."""

    sender_user: User | None = None
    sender_user_name: str | None = None
    sender_chat: Chat | None = None
    chat: Chat | None = None


class Message(Wire):
    """A message; what we have no field for stays in `model_extra`."""

    model_config = ConfigDict(extra="allow", frozen=True)

    message_id: int
    date: datetime
    chat: Chat
    sender: User | None = Field(None, alias="from")
    sender_chat: Chat | None = None
    edit_date: datetime | None = None
    media_group_id: str | None = None
    reply_to_message: Replied | None = None
    quote: Quote | None = None
    forward_origin: Origin | None = None
    migrate_to_chat_id: int | None = None

    text: str | None = None
    entities: tuple[MessageEntity, ...] = ()
    caption: str | None = None
    caption_entities: tuple[MessageEntity, ...] = ()

    photo: tuple[File, ...] = ()
    animation: File | None = None
    audio: File | None = None
    document: File | None = None
    live_photo: File | None = None
    sticker: File | None = None
    video: File | None = None
    video_note: File | None = None
    voice: File | None = None
    contact: Contact | None = None
    location: Location | None = None
    venue: Venue | None = None


class PressedMessage(Wire):
    """The message under a pressed button; date 0 when Telegram no longer shows it."""

    message_id: int
    date: datetime
    chat: Chat


class CallbackQuery(Wire):
    id: str
    sender: User = Field(alias="from")
    message: PressedMessage | None = None
    data: str | None = None


class Membership(Wire):
    status: str
    can_send_messages: bool = True


class ChatMemberUpdated(Wire):
    chat: Chat
    sender: User = Field(alias="from")
    date: datetime
    new_chat_member: Membership


class Envelope(Wire):
    """What the channel knew when the update came; stored with it so that parsing stays pure."""

    received: datetime | None = None
    download_limit: int = DOWNLOAD_LIMIT


class Update(Wire):
    update_id: int = Field(ge=0)
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: ChatMemberUpdated | None = None
    pult: Envelope = Envelope()

"""What travels between a channel and the hub: neutral, frozen, channel-free shapes.

Offsets and lengths of entities count UTF-16 code units, as Telegram and browsers do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a message mainly is. `UNSUPPORTED` keeps its place with a text that names it."""

    TEXT = "text"
    PHOTO = "photo"
    VIDEO = "video"
    VIDEO_NOTE = "video_note"
    VOICE = "voice"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"
    ANIMATION = "animation"
    CONTACT = "contact"
    LOCATION = "location"
    UNSUPPORTED = "unsupported"


FILE_KINDS = frozenset(
    {
        Kind.PHOTO,
        Kind.VIDEO,
        Kind.VIDEO_NOTE,
        Kind.VOICE,
        Kind.AUDIO,
        Kind.DOCUMENT,
        Kind.STICKER,
        Kind.ANIMATION,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A piece of formatting: bold, italic, underline, strikethrough, spoiler, code, pre,
    text_link (with `url`), blockquote, url, email, phone_number, mention, hashtag, bot_command."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file that still lies with the provider.

    `ref` is what `Channel.fetch` needs to download it; `unavailable` says why it can't be
    fetched at all (`too_large`), then it is shown as such and never dropped. `size` in bytes,
    `duration` in seconds.
    """

    kind: Kind
    ref: str
    name: str | None = None
    mime: str | None = None
    size: int | None = None
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    unavailable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The person on the other side, as the channel knows them. `phone` only with consent."""

    external_id: str
    name: str
    username: str | None = None
    language: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCard:
    """A shared contact. `own` is true when the sender shared their own number."""

    phone: str
    name: str
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    latitude: float
    longitude: float
    title: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """A message of a client.

    `external_id` is unique within the channel account (for Telegram `chat:message`), `album`
    joins several of them into one message, `context` holds what else is known (start payload,
    page address, UTM). `extra` is kept with the message: what only this kind of channel
    understands (mail: subject, cc, the whole text).
    """

    external_id: str
    chat: str
    sender: Sender
    at: datetime
    kind: Kind = Kind.TEXT
    text: str = ""
    entities: tuple[Entity, ...] = ()
    files: tuple[FileRef, ...] = ()
    contact: ContactCard | None = None
    location: Location | None = None
    reply_to: str | None = None
    album: str | None = None
    context: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundEdit:
    """The client changed text or caption of an earlier message; with `own` somebody of ours did,
    in the provider's own page (what Pult itself has corrected is no news)."""

    external_id: str
    chat: str
    at: datetime
    text: str
    entities: tuple[Entity, ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundPress:
    """The client pressed a button under one of our messages; `data` is what we put there."""

    external_id: str
    chat: str
    sender: Sender
    at: datetime
    data: str
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundReach:
    """The client can (not) be written to any more: blocked, unblocked, left."""

    chat: str
    sender: Sender
    at: datetime
    reachable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundReceipt:
    """Our messages up to `external_id` (inclusive) reached `status`: `delivered` or `read`.

    With `only` just this one did: providers that report each message by itself (SMS).
    """

    chat: str
    external_id: str
    at: datetime
    status: str
    only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMigrated:
    """The provider gave the chat a new id (Telegram group upgrade)."""

    chat: str
    new_chat: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundFailure:
    """A message of ours that had left did not arrive after all (bounce, undelivered SMS).

    `external_id` is the one `Sent` named; `reason` is a line for the manager.
    """

    chat: str
    external_id: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundOwn:
    """Somebody of ours wrote to the client past Pult, in the provider's own page or program.

    It belongs into the dialog once, as ours; an echo of what Pult itself has sent (its
    `external_id` is known) is not news. `key` is the `OutboundPart.key` of such an echo, where
    the provider gives it back: an echo may be quicker than the answer to the request. `client` is
    whom it was written to, `employee` who wrote it, where the channel knows: then it is kept also
    where nobody has written yet. `extra` as of InboundMessage.
    """

    external_id: str
    chat: str
    at: datetime
    kind: Kind = Kind.TEXT
    text: str = ""
    files: tuple[FileRef, ...] = ()
    author: str | None = None
    key: str | None = None
    client: Sender | None = None
    employee: int | None = None
    context: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadItem:
    """A line of an order: `price` of one piece."""

    title: str
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundLead:
    """An application of somebody who did not (only) write: a form, an order, a lead of a service.

    `external_id` is unique within the account: the same id again changes what was registered
    instead of adding to it. `source` is a title people know ("JivoSite"). `chat` when one can
    answer in this channel. `campaign` holds utm_* and the like, `visit` the service's id of the
    visit, `fields` everything else worth showing: label -> value.
    """

    external_id: str
    at: datetime
    source: str
    subject: str
    sender: Sender | None = None
    chat: str | None = None
    text: str = ""
    items: tuple[LeadItem, ...] = ()
    amount: Decimal | None = None
    currency: str | None = None
    campaign: dict[str, str] = field(default_factory=dict)
    visit: str | None = None
    page: str | None = None
    recording: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


InboundEvent = (
    InboundMessage
    | InboundEdit
    | InboundPress
    | InboundReach
    | InboundReceipt
    | InboundFailure
    | InboundOwn
    | InboundLead
    | ChatMigrated
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a channel can carry; data, so that nobody asks for its name.

    Limits in UTF-16 code units; `album_max` = 1 means no albums; `kinds` are what it sends
    natively, any other file goes as a document, any other thing as text. Without `buttons`
    they are written out as numbered lines. `unanswered_limit` is how many messages an hour the
    provider takes while the client does not answer (0: any number), with `counts_parts` every
    part of a text is paid for (GSM 7-bit or UCS-2), `opens_with` is the kind of contact (`phone`,
    `email`) that is an address here, so that one may write first, `threads` that every
    conversation has a subject and a chat of its own, `same_ids` that a person's external id is the
    same in every account of this kind. `order_statuses`: what an order of its shop may be set to,
    as (name, title as a msgid).
    """

    text_limit: int
    caption_limit: int
    album_max: int = 1
    kinds: frozenset[Kind] = frozenset({Kind.TEXT})
    edits: bool = False
    receipts: bool = False
    typing: bool = False
    entities: bool = False
    buttons: bool = False
    file_limit: int = 50 * 1024 * 1024
    unanswered_limit: int = 0
    counts_parts: bool = False
    opens_with: str = ""
    threads: bool = False
    order_statuses: tuple[tuple[str, str], ...] = ()
    same_ids: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutFile:
    """A stored file on its way out: `path` on disk in the content store."""

    kind: Kind
    path: str
    name: str
    mime: str
    size: int
    duration: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something the client may press: it comes back as `InboundPress.data`, or opens `url`."""

    text: str
    data: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundPart:
    """One request to the provider: within the channel's limits, cut by `split.parts_of`.

    More than one file means one album. `key` is stable over retries (providers that know an
    idempotency key take it). `reply_to` is the channel's external id. `buttons` are rows.
    `extra` is what only this kind of channel understands (mail: subject, cc).
    """

    key: str
    kind: Kind = Kind.TEXT
    text: str = ""
    entities: tuple[Entity, ...] = ()
    files: tuple[OutFile, ...] = ()
    contact: ContactCard | None = None
    location: Location | None = None
    reply_to: str | None = None
    author: str | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

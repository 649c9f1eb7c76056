"""What a channel must offer and what it may call: Protocols, hook shapes, delivery errors.

DeliveryError
├── RetryLater            the provider asks to wait (429, 5xx before anything was accepted)
├── RecipientUnreachable  this person can't be written to (blocked, deactivated, never began)
├── Rejected              this part will never be taken (too long, bad file): shown, not retried
├── ChannelBroken         the account does not work (token revoked, no rights): lane stops
└── OutcomeUnknown        sent or not, nobody knows (time-out after the request left)
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel

from crm_core.dialogs.messages import Capabilities, InboundEvent, OutboundPart


class DeliveryError(Exception):
    """A part was not delivered; `str(error)` is a line for the manager."""


class RetryLater(DeliveryError):
    """Try again not sooner than `after` seconds; `chat_only` when only this chat must wait."""

    def __init__(self, reason: str, *, after: float, chat_only: bool = False) -> None:
        super().__init__(reason)
        self.after = after
        self.chat_only = chat_only


class RecipientUnreachable(DeliveryError):
    """The recipient can't be written to until they do something themselves."""


class Rejected(DeliveryError):
    """The provider will never take this part as it is."""


class ChannelBroken(DeliveryError):
    """The whole account does not work until an admin mends it."""


class OutcomeUnknown(DeliveryError):
    """The request left and no answer came: never resent blindly."""


class ChatMoved(DeliveryError):
    """The chat has a new id: the part is sent again there."""

    def __init__(self, new_chat: str) -> None:
        super().__init__("chat moved")
        self.new_chat = new_chat


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took the part: its ids for it (several for an album)."""

    external_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRequest:
    """One HTTP call of a provider; header names are lower-case."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    remote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookReply:
    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """Outcome of `pult channel check`: one line a person understands."""

    ok: bool
    line: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEvent:
    """What a provider sent, before anybody understood it.

    `key` is the provider's own key of the event (Telegram `update_id`), unique per account.
    """

    key: str
    body: dict[str, Any]


class Intake(Protocol):
    """Where a channel hands over what came: stored and handled before it returns."""

    async def accept(self, raw: RawEvent) -> bool:
        """Store the event and everything that follows from it; False for a known key.

        Events that can't be parsed are kept as failed (see `pult replay`) and return True, so
        that the provider does not hammer. Raises only when nothing could be stored: then the
        provider must not get its 200.
        """

    async def refuse(self, key: str, body: bytes, reason: str) -> None:
        """Keep a body that is not even an event (not JSON, no key) as failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A channel row as its code sees it. `state` survives restarts (poll offsets)."""

    id: int
    kind: str
    name: str
    hook_url: str | None
    hook_secret: str
    config: BaseModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """How fast a provider may be fed: token buckets, requests per second and burst size.

    `chat_*` per chat, `group_*` for chats that `is_group` names (Telegram: 20 a minute).
    """

    rate: float = 30.0
    burst: float = 30.0
    chat_rate: float = 1.0
    chat_burst: float = 3.0
    group_rate: float = 20 / 60
    group_burst: float = 20.0


class Channel(Protocol):
    """A live account of a channel; `channels/<kind>/channel.py` names its class `Channel`.

    The module also offers `TITLE: str`, `Config: type[BaseModel]` (secrets are `SecretStr`) and
    `CAPABILITIES`. `parse` is pure and static so that kept events can be replayed.
    """

    KIND: ClassVar[str]
    TITLE: ClassVar[str]
    Config: ClassVar[type[BaseModel]]
    CAPABILITIES: ClassVar[Capabilities]
    PACING: ClassVar[Pacing]

    def __init__(self, account: Account) -> None: ...

    @staticmethod
    def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
        """Pure: what the stored body means; empty when it means nothing to us.

        Raises ValueError (also pydantic's) when the body is malformed.
        """

    @staticmethod
    def is_group(chat: str) -> bool:
        """Whether the provider paces this chat as a group."""

    async def run(self, intake: Intake) -> None:
        """Listen until cancelled (long polling), or register the hook and wait."""

    async def receive(self, request: HookRequest, intake: Intake) -> HookReply:
        """Answer one webhook call; 401/403 without touching the intake when it isn't theirs."""

    async def send(self, chat: str, part: OutboundPart) -> Sent:
        """Send one part; raises a DeliveryError."""

    async def edit(self, chat: str, external_id: str, part: OutboundPart) -> None:
        """Change text or caption of a sent part; raises a DeliveryError."""

    async def typing(self, chat: str) -> None:
        """Show that somebody is writing; best effort."""

    def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """Stream a file the provider keeps; raises a DeliveryError."""

    async def check(self) -> CheckReport:
        """Ask the provider whether the account works; names the cause when not."""

    async def close(self) -> None:
        """Free connections."""


@runtime_checkable
class Acts(Protocol):
    """A channel that can do more at its provider than write: set the status of an order, …"""

    async def act(self, name: str, target: str, values: Mapping[str, str]) -> None:
        """Do `name` to what the provider calls `target` (the `external_id` of a lead).

        Must be harmless when repeated; raises a DeliveryError, Rejected for what it can't do.
        """

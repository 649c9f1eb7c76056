"""Plain records of the sandbox's world: users, bots, chats, topics, messages, files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class File:
    """Stored bytes. `unique_id` is the same for every bot, `size` may be declared for a test."""

    unique_id: str
    number: int
    kind: str
    data: bytes = field(repr=False)
    name: str | None = None
    mime: str | None = None
    meta: Json = field(default_factory=dict)
    declared_size: int | None = None

    @property
    def size(self) -> int:
        return len(self.data) if self.declared_size is None else self.declared_size


@dataclass(slots=True, kw_only=True)
class User:
    """A person or a bot as Telegram shows it."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    is_deactivated: bool = False
    photos: list[File] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name or ''}".strip()


@dataclass(slots=True, kw_only=True)
class Bot:
    """A bot account: its token, its switches and what it set about itself."""

    token: str
    user: User
    has_topics_enabled: bool = False
    allows_users_to_create_topics: bool = False
    can_read_all_group_messages: bool = False
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.user.id


@dataclass(slots=True, kw_only=True)
class Member:
    """A place in a group: status as in the Bot API, rights of an administrator."""

    user: User
    status: str = "member"
    rights: dict[str, bool] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Topic:
    """A topic of a forum or of a private chat with a bot."""

    id: int
    name: str
    icon_color: int
    creator_id: int
    icon_emoji: str | None = None
    is_closed: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """A message as it stands now. `content` has the Bot API's own keys, without file_id."""

    chat: Chat = field(repr=False)
    id: int
    sender: User
    date: int
    content: Json
    thread_id: int | None = None
    reply_to: int | None = None
    quote: Json | None = None
    edit_date: int | None = None
    markup: Json | None = None
    group_id: str | None = None
    origin: Json | None = None
    silent: bool = False
    protected: bool = False
    reactions: dict[int, list[Json]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Text or caption, empty when there is neither."""
        return str(self.content.get("text", self.content.get("caption", "")))


@dataclass(slots=True, kw_only=True, eq=False)
class Chat:
    """A private chat of one bot with one user, a group or a supergroup."""

    id: int
    type: str
    instance: str
    bot_id: int = 0
    user: User | None = None
    title: str | None = None
    username: str | None = None
    is_forum: bool = False
    started: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    last_message_id: int = 0
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict, repr=False)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    reply_keyboard: Json | None = None
    action: Json | None = None
    drafts: dict[int, Json] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        return self.type == "private"

    def next_id(self) -> int:
        self.last_message_id += 1
        return self.last_message_id


@dataclass(slots=True, kw_only=True, eq=False)
class Callback:
    """A press of an inline button; `answer` is what the bot answered, None until then."""

    id: str
    bot_id: int
    user: User
    message: Message
    data: str
    at: float
    answer: Json | None = None

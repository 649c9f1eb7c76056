"""What Viber knows: bots, people, chats; and what went wrong between it and the hub."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.botapi.feed import Feed

Json = dict[str, Any]
HOUR = 3600.0
UNANSWERED = 100


@dataclass(slots=True, kw_only=True)
class User:
    """Somebody with a phone. `id` is what this bot knows them by (base64-like)."""

    id: str
    name: str
    language: str = "ru"
    country: str = "RU"
    api_version: int = 10

    def body(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "avatar": f"https://avatars.example/{len(self.name)}",
            "country": self.country,
            "language": self.language,
            "api_version": self.api_version,
        }


@dataclass(slots=True, kw_only=True)
class File:
    """Content that lies with Viber."""

    id: str
    name: str
    mime: str
    data: bytes


@dataclass(slots=True, kw_only=True)
class Said:
    """One message of a chat. `body` is Viber's own (type, text, media, …)."""

    token: int
    mine: bool
    at: float
    body: Json
    sender: str = ""
    file: File | None = None
    state: str = "sent"


@dataclass(slots=True, kw_only=True)
class Chat:
    """What one person sees of one bot."""

    user: User
    subscribed: bool = False
    opened: bool = False
    left: bool = False
    said: list[Said] = field(default_factory=list)
    keyboard: Json | None = None
    last_tracking: str = ""
    unanswered: deque[float] = field(default_factory=deque)


@dataclass(slots=True, kw_only=True)
class Bot:
    token: str
    name: str
    uri: str
    webhook: str = ""
    event_types: list[str] = field(default_factory=list)
    chats: dict[str, Chat] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to the next call of a method: `status` in a body, `http` instead of one,
    `lost` (done, but the answer never leaves)."""

    method: str
    status: int | None = None
    http: int | None = None
    lost: bool = False


@dataclass(slots=True)
class World:
    """Everything at once. `violations` are calls the real Viber would not have forgiven."""

    now: Callable[[], float] = time.time
    bots: dict[str, Bot] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    refused_callbacks: list[tuple[str, int]] = field(default_factory=list)
    feed: Feed = field(default_factory=Feed)
    _tokens: itertools.count[int] = field(
        default_factory=lambda: itertools.count(4_912_661_846_655_238_145)
    )

    def add_bot(self, token: str, name: str, *, uri: str = "shop") -> Bot:
        bot = Bot(token=token, name=name, uri=uri)
        self.bots[token] = bot
        return bot

    def chat(self, bot: Bot, user: User) -> Chat:
        return bot.chats.setdefault(user.id, Chat(user=user))

    def next_token(self) -> int:
        return next(self._tokens)

    def keep(self, name: str, mime: str, data: bytes) -> File:
        file = File(id=f"{self.next_token():x}", name=name, mime=mime, data=data)
        self.files[file.id] = file
        return file

    def fault(self, method: str) -> Fault | None:
        """Take the scripted fault of a method, if there is one."""
        found = next((one for one in self.faults if one.method == method), None)
        if found:
            self.faults.remove(found)
        return found

    def publish(self, chat: Chat) -> None:
        self.feed.publish({"chat": chat.user.id})

    def room(self, chat: Chat) -> bool:
        """Whether this person may be sent one more message within the hour."""
        while chat.unanswered and chat.unanswered[0] <= self.now() - HOUR:
            chat.unanswered.popleft()
        return len(chat.unanswered) < UNANSWERED

    def wipe(self) -> None:
        """Forget what was said; bots, webhooks and numbering stay."""
        for bot in self.bots.values():
            for chat in bot.chats.values():
                chat.said.clear()
                chat.unanswered.clear()
                chat.subscribed = chat.opened = chat.left = False
                chat.keyboard = None
                chat.last_tracking = ""
                self.publish(chat)

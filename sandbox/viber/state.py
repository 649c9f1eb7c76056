"""What the pretended Viber consists of: people, files, messages, chats, bots."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


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

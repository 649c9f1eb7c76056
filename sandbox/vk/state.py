"""What the pretended VK consists of: people, communities, conversations, messages, orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class User:
    id: int
    first_name: str
    last_name: str = ""
    screen_name: str = ""
    photo: str = ""

    def profile(self, fields: set[str]) -> Json:
        found: Json = {
            "id": self.id,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "can_access_closed": True,
            "is_closed": False,
        }
        if "screen_name" in fields:
            found["screen_name"] = self.screen_name or f"id{self.id}"
        if "photo_200" in fields and self.photo:
            found["photo_200"] = self.photo
        return found


@dataclass(slots=True, kw_only=True)
class Message:
    """A message of a conversation; `out` when the community wrote it."""

    id: int
    cmid: int
    date: int
    from_id: int
    peer_id: int
    text: str = ""
    out: bool = False
    random_id: int = 0
    attachments: list[Json] = field(default_factory=list)
    extra: Json = field(default_factory=dict)
    keyboard: Json | None = None
    update_time: int = 0
    read: bool = False

    def json(self) -> Json:
        found: Json = {
            "id": self.id,
            "conversation_message_id": self.cmid,
            "date": self.date,
            "from_id": self.from_id,
            "peer_id": self.peer_id,
            "text": self.text,
            "out": int(self.out),
            "random_id": self.random_id,
            "version": 10000 + self.id,
            "attachments": self.attachments,
            "fwd_messages": [],
            "important": False,
            "is_hidden": False,
        }
        if self.update_time:
            found["update_time"] = self.update_time
        if self.keyboard:
            found["keyboard"] = {"one_time": False, **self.keyboard}
        return found | self.extra

    def quoted(self) -> Json:
        """As it stands inside another message."""
        whole = self.json()
        names = ("id", "conversation_message_id", "date", "from_id", "peer_id", "text")
        return {name: whole[name] for name in (*names, "attachments")}


@dataclass(slots=True, kw_only=True)
class Conversation:
    """A person and the community. `allowed`: the person lets the community write."""

    user: User
    allowed: bool = False
    blocked: bool = False
    private: bool = False
    messages: list[Message] = field(default_factory=list)
    sent: dict[int, Message] = field(default_factory=dict)
    typing_until: float = 0.0

    def find(self, cmid: int) -> Message | None:
        return next((one for one in self.messages if one.cmid == cmid), None)

    def unread(self) -> list[Message]:
        """What the community has not read."""
        return [one for one in self.messages if not one.out and not one.read]

    def last(self, *, out: bool, read: bool) -> int:
        found = [one.id for one in self.messages if one.out is out and (one.read or not read)]
        return max(found, default=0)


@dataclass(slots=True, kw_only=True)
class CallbackServer:
    id: int
    url: str
    title: str
    secret: str
    status: str = "unconfigured"
    events: set[str] = field(default_factory=set)

    def json(self) -> Json:
        return {
            "id": self.id,
            "title": self.title,
            "creator_id": 1,
            "url": self.url,
            "secret_key": self.secret,
            "status": self.status,
        }


@dataclass(slots=True, kw_only=True)
class Community:
    id: int
    name: str
    token: str
    permissions: tuple[str, ...] = ("messages", "photos", "docs", "manage", "market")
    confirmation: str = "c0nf1rm"
    bot_abilities: bool = True
    servers: list[CallbackServer] = field(default_factory=list)
    conversations: dict[int, Conversation] = field(default_factory=dict)
    orders: dict[tuple[int, int], Json] = field(default_factory=dict)
    order_items: dict[tuple[int, int], list[Json]] = field(default_factory=dict)
    items: dict[int, Json] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class File:
    """Something uploaded. `saved` is the object VK made of it."""

    id: int
    kind: str
    name: str
    data: bytes
    saved: Json | None = None
    gone: bool = False
    token: str = ""

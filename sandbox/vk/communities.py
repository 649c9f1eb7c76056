"""Communities of the pretended VK: settings, Callback servers, orders."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.vk.state import Json
from sandbox.vk.talk import Conversation


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

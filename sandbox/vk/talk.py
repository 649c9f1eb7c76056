"""Conversations of the pretended VK and the messages in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.vk.state import Json, User


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

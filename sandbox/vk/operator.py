"""Somebody of the community who answers in VK's own page, past every program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.vk.communities import Community
from sandbox.vk.state import User
from sandbox.vk.talk import Message

if TYPE_CHECKING:
    from sandbox.vk.world import World


@dataclass(slots=True, kw_only=True)
class Operator:
    """An administrator of the community."""

    world: World
    group: Community
    user: User

    def say(self, peer: int, text: str) -> Message:
        """Write to a person who has allowed it."""
        extra = {"admin_author_id": self.user.id}
        fields = {"from_id": -self.group.id, "out": True, "text": text, "extra": extra}
        message = self.world.put(self.group, peer, random_id=self.world.next_id(), **fields)
        self.world.events[self.group.id].push("message_reply", message.json())
        return message

    def correct(self, message: Message, text: str) -> None:
        """Change what stands there, whoever of the community has written it."""
        message.text, message.update_time = text, int(self.world.clock.now())
        self.world.events[self.group.id].push("message_edit", message.json())

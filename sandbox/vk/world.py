"""The whole pretended VK in memory: people, communities, events on their way. No I/O."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, TypeVar

from sandbox.botapi.clock import Clock, RealClock
from sandbox.vk.actor import Actor
from sandbox.vk.calls import Call, Faults
from sandbox.vk.communities import Community
from sandbox.vk.config import Config
from sandbox.vk.events import Events
from sandbox.vk.feed import WatchedFeed
from sandbox.vk.operator import Operator
from sandbox.vk.state import File, Json, User
from sandbox.vk.talk import Conversation, Message

T = TypeVar("T")
FIRST_USER, FIRST_GROUP = 600_000_001, 210_000_001


class World:
    """State of the sandbox and the doors to it. Use it from one event loop only."""

    def __init__(self, *, clock: Clock | None = None, config: Config | None = None) -> None:
        self.clock: Clock = clock or RealClock()
        self.config = config or Config()
        self.feed = WatchedFeed()
        self.faults = Faults()
        self.calls: list[Call] = []
        self.users: dict[int, User] = {}
        self.groups: dict[int, Community] = {}
        self.files: dict[int, File] = {}
        self.events: dict[int, Events] = {}
        self.violations: list[str] = []
        self.base_url = ""
        self._ids = itertools.count(1)

    # --- who is there -----------------------------------------------------------------------

    def add_group(self, token: str, name: str = "Магазин", **fields: Any) -> Community:
        group = Community(id=FIRST_GROUP + len(self.groups), name=name, token=token, **fields)
        self.groups[group.id] = group
        self.events[group.id] = Events(self, group)
        return group

    def add_user(self, first_name: str, last_name: str = "", **fields: Any) -> User:
        fields.setdefault("id", FIRST_USER + len(self.users))
        user = User(first_name=first_name, last_name=last_name, **fields)
        self.users[user.id] = user
        return user

    def actor(self, user: User, group: Community) -> Actor:
        """The person at work in the conversation with a community."""
        return Actor(world=self, group=group, user=user)

    def operator(self, user: User, group: Community) -> Operator:
        """Somebody of the community who answers in VK's own page."""
        return Operator(world=self, group=group, user=user)

    def conversation(self, group: Community, user_id: int) -> Conversation | None:
        if user_id not in self.users:
            return None
        if user_id not in group.conversations:
            group.conversations[user_id] = Conversation(user=self.users[user_id])
        return group.conversations[user_id]

    # --- messages ---------------------------------------------------------------------------

    def put(self, group: Community, peer: int, **fields: Any) -> Message:
        """A new message at the end of a conversation; no event."""
        conversation = self.conversation(group, peer)
        assert conversation is not None  # noqa: S101 - asked before
        message = Message(
            id=self.next_id(),
            cmid=len(conversation.messages) + 1,
            date=int(self.clock.now()),
            peer_id=peer,
            **fields,
        )
        conversation.messages.append(message)
        self.feed.touch()
        return message

    def wipe(self) -> None:
        """Nothing was ever said or ordered; people, communities and their settings stay."""
        for group in self.groups.values():
            group.conversations.clear()
            group.orders.clear()
            group.order_items.clear()
        self.feed.touch()

    def next_id(self) -> int:
        return next(self._ids)

    def add_file(self, kind: str, name: str, data: bytes) -> File:
        file = File(id=self.next_id(), kind=kind, name=name, data=data)
        file.token = f"{kind}-{file.id}"
        self.files[file.id] = file
        return file

    def url_of(self, file: File) -> str:
        return f"{self.base_url}/file/{file.id}/{file.kind}"

    # --- watching ---------------------------------------------------------------------------

    def of(self, method: str) -> list[Call]:
        """Calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 10.0) -> T:
        """Wait (real seconds) until `predicate()` is truthy; it is asked after every change."""
        return await self.feed.wait_for(predicate, timeout)


__all__ = ["Json", "World"]

"""Events of a community on their way: to its Long Poll queue and to its Callback servers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.vk.communities import CallbackServer, Community
from sandbox.vk.state import Json

if TYPE_CHECKING:
    from sandbox.vk.world import World


@dataclass(slots=True, eq=False)
class Delivery:
    """An event for a Callback server; `statuses` of the attempts, 0 when there was no answer."""

    server: CallbackServer
    body: Json
    statuses: list[int] = field(default_factory=list)
    wake_at: float = 0.0
    in_flight: bool = False


@dataclass(slots=True)
class Events:
    """`twice` sends every event two times, `backwards` holds Callback events until `release`
    and lets them go newest first, `lose` keeps them from everybody."""

    world: World
    group: Community
    longpoll: bool = False
    wanted: set[str] = field(default_factory=set)
    key: str = "key-1"
    log: list[Json] = field(default_factory=list)
    dropped: int = 0
    fail_next: list[int] = field(default_factory=list)
    pending: list[Delivery] = field(default_factory=list)
    done: list[Delivery] = field(default_factory=list)
    twice: bool = False
    backwards: bool = False
    lose: bool = False

    @property
    def ts(self) -> int:
        return self.dropped + len(self.log)

    def push(self, kind: str, body: Json) -> Json:
        """Something has happened: tell whoever listens for this kind."""
        event = {
            "type": kind,
            "event_id": uuid.uuid4().hex,
            "v": self.world.config.version,
            "group_id": self.group.id,
            "object": body,
        }
        for _ in range(0 if self.lose else 2 if self.twice else 1):
            self._deliver(event)
        self.world.feed.touch()
        return event

    def _deliver(self, event: Json) -> None:
        if self.longpoll and event["type"] in self.wanted:
            self.log.append(event)
            self.forget(max(0, len(self.log) - self.world.config.longpoll_history))
        for server in self.group.servers:
            if server.status == "ok" and event["type"] in server.events:
                delivery = Delivery(server, event | {"secret": server.secret})
                if self.backwards:
                    delivery.wake_at = float("inf")
                self.pending.append(delivery)

    def release(self) -> None:
        """Let held events go, newest first."""
        self.backwards = False
        self.pending.reverse()
        for delivery in self.pending:
            delivery.wake_at = 0.0
        self.world.feed.touch()

    def forget(self, count: int) -> None:
        """The oldest events of the Long Poll queue are gone."""
        del self.log[:count]
        self.dropped += count

    def new_key(self) -> None:
        """The key that listeners have is good no longer."""
        self.key = f"key-{uuid.uuid4().hex[:8]}"
        self.world.feed.touch()

    def confirm(self, server: CallbackServer) -> None:
        """Ask the server for the confirmation string."""
        body = {"type": "confirmation", "group_id": self.group.id, "secret": server.secret}
        self.pending.append(Delivery(server, body))
        self.world.feed.touch()

"""The update queue of one bot: ids, filtering, confirmation, expiry, late and repeated updates."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.botapi.clock import Clock
from sandbox.botapi.state import Json

# Sent only when a bot asks for them by name.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True, kw_only=True)
class Queued:
    """One update waiting for delivery. Updates of one `lane` keep their order in a webhook."""

    id: int
    serial: int
    kind: str
    body: Json
    lane: str
    expires_at: float
    is_repeat: bool = False

    def json(self) -> Json:
        return {"update_id": self.id, self.kind: self.body}


class UpdateQueue:
    """Undelivered updates of a bot, oldest first."""

    def __init__(self, clock: Clock, first_id: int, on_change: Callable[[], None]) -> None:
        self._clock = clock
        self._ids = itertools.count(first_id)
        self._serials = itertools.count()
        self._on_change = on_change
        self._pending: list[Queued] = []
        self._held: list[tuple[str, Json, str, float]] | None = None
        self._duplicate_next = 0
        self.sent: list[Queued] = []
        self.allowed: frozenset[str] | None = None
        self.turn = 0

    def push(self, kind: str, body: Json, lane: str, ttl: float) -> None:
        """Queue an update unless the bot did not ask for its kind."""
        if not self.wants(kind):
            return
        if self._held is not None:
            self._held.append((kind, body, lane, ttl))
            return
        expires_at = self._clock.now() + ttl
        update = Queued(
            id=next(self._ids),
            serial=next(self._serials),
            kind=kind,
            body=body,
            lane=lane,
            expires_at=expires_at,
        )
        self._pending.append(update)
        self.sent.append(update)
        if self._duplicate_next:
            self._duplicate_next -= 1
            self.redeliver(update.id)
        self._on_change()

    def next_turn(self) -> int:
        """A new poller takes over; the former one finds its turn gone."""
        self.turn += 1
        self._on_change()
        return self.turn

    def wants(self, kind: str) -> bool:
        return kind not in _ON_REQUEST if self.allowed is None else kind in self.allowed

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remember `allowed_updates`; None keeps the former choice, [] means the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def take(self, offset: int, limit: int) -> list[Queued]:
        """Confirm everything before `offset` (negative: keep only the last ones) and look."""
        self.expire()
        if offset < 0:
            self._pending = self._pending[offset:]
        elif offset > 0:
            self._pending = [each for each in self._pending if each.id >= offset or each.is_repeat]
        batch = self._pending[:limit]
        self._pending = [each for each in self._pending if not (each.is_repeat and each in batch)]
        return batch

    def pending(self) -> list[Queued]:
        self.expire()
        return list(self._pending)

    def forget(self, update: Queued) -> None:
        """Drop a delivered update."""
        self._pending = [each for each in self._pending if each is not update]
        self._on_change()

    def clear(self) -> None:
        self._pending.clear()

    def expire(self) -> None:
        now = self._clock.now()
        self._pending = [each for each in self._pending if each.expires_at > now]

    # --- faults -----------------------------------------------------------------------------

    def duplicate_next(self, count: int = 1) -> None:
        """The next `count` updates come twice, under the same update_id."""
        self._duplicate_next += count

    def redeliver(self, update_id: int) -> None:
        """Deliver an update once more, even a confirmed one."""
        known = next(each for each in self.sent if each.id == update_id)
        again = Queued(
            id=known.id,
            serial=next(self._serials),
            kind=known.kind,
            body=known.body,
            lane=f"{known.lane}:again",
            expires_at=known.expires_at,
            is_repeat=True,
        )
        self._pending.append(again)
        self._on_change()

    def hold(self) -> None:
        """Keep new updates back until `release`."""
        self._held = self._held or []

    def release(self, *, reverse: bool = False) -> None:
        """Let held updates go, late, and with `reverse` in the opposite order."""
        held, self._held = self._held or [], None
        for kind, body, lane, ttl in reversed(held) if reverse else held:
            self.push(kind, body, lane, ttl)

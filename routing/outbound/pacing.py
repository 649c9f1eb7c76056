"""Token buckets: how soon a lane, and a chat in it, may send again. Pure; times in seconds."""

from __future__ import annotations

from dataclasses import dataclass, field

from routing.contracts import Pacing


@dataclass(slots=True)
class Bucket:
    """`rate` tokens a second up to `burst`; starts full."""

    rate: float
    burst: float
    level: float = field(init=False)
    at: float | None = None

    def __post_init__(self) -> None:
        self.level = self.burst

    def refill(self, now: float) -> None:
        if self.at is not None:
            self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now

    def wait(self, now: float) -> float:
        """Seconds until a token is there; 0 when it is."""
        self.refill(now)
        return 0.0 if self.level >= 1 else (1 - self.level) / self.rate

    def take(self, now: float) -> None:
        self.refill(now)
        self.level -= 1


class Pacer:
    """The buckets of one lane and of its chats; forgets chats that are full again."""

    def __init__(self, pacing: Pacing) -> None:
        self._pacing = pacing
        self._lane = Bucket(pacing.rate, pacing.burst)
        self._chats: dict[str, Bucket] = {}
        self._held: dict[str, float] = {}
        self._lane_held = 0.0

    def tokens(self, now: float) -> int:
        """How many requests the lane may send at this moment."""
        if now < self._lane_held:
            return 0
        self._lane.refill(now)
        return int(self._lane.level)

    def lane_wait(self, now: float) -> float:
        return max(self._lane.wait(now), self._lane_held - now)

    def resting(self, now: float) -> dict[str, float]:
        """Chats that must wait, and for how long; the rest are forgotten."""
        resting = {chat: until - now for chat, until in self._held.items() if until > now}
        self._held = {chat: now + left for chat, left in resting.items()}
        for chat, bucket in list(self._chats.items()):
            if (left := bucket.wait(now)) > 0:
                resting[chat] = max(left, resting.get(chat, 0.0))
            elif bucket.level >= bucket.burst:
                del self._chats[chat]
        return resting

    def take(self, chat: str, now: float, *, group: bool) -> None:
        """One request to this chat leaves now."""
        self._lane.take(now)
        if chat not in self._chats:
            pacing = self._pacing
            self._chats[chat] = (
                Bucket(pacing.group_rate, pacing.group_burst)
                if group
                else Bucket(pacing.chat_rate, pacing.chat_burst)
            )
        self._chats[chat].take(now)

    def give_back(self, chat: str) -> None:
        """The request did not leave after all."""
        for bucket in (self._lane, self._chats.get(chat)):
            if bucket is not None:
                bucket.level = min(bucket.burst, bucket.level + 1)

    def hold(self, chat: str | None, until: float) -> None:
        """The provider asked to wait: this chat, or the whole lane."""
        if chat is None:
            self._lane_held = max(self._lane_held, until)
        else:
            self._held[chat] = max(self._held.get(chat, 0.0), until)

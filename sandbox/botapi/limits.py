"""Rate limits of the real service: per chat, per group, overall. Off unless configured."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sandbox.botapi.clock import Clock
from sandbox.botapi.errors import too_many


@dataclass(slots=True)
class Bucket:
    """A token bucket: `burst` calls at once, then `rate` per second."""

    rate: float
    burst: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until one call is free; 0 when it is now."""
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (1 - self.level) / self.rate)


class RateLimits:
    """1/s per chat with a burst of 5, 20/min per group, 30/s overall."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[tuple[int, int, str], Bucket] = {}

    def spend(self, bot_id: int, chat_id: int) -> None:
        """Count one message; ApiError 429 with whole seconds when it is too many."""
        wanted = [self._bucket((bot_id, 0, "all"), 30, 30)]
        if chat_id < 0:
            wanted.append(self._bucket((bot_id, chat_id, "group"), 20 / 60, 20))
        else:
            wanted.append(self._bucket((bot_id, chat_id, "chat"), 1, 5))
        wait = max(bucket.wait(self._clock.now()) for bucket in wanted)
        if wait > 0:
            raise too_many(max(1, math.ceil(wait)))
        for bucket in wanted:
            bucket.level -= 1

    def _bucket(self, key: tuple[int, int, str], rate: float, burst: float) -> Bucket:
        return self._buckets.setdefault(key, Bucket(rate, burst, burst, self._clock.now()))

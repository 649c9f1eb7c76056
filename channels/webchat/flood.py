"""Token buckets by key (an address, a visitor): how much is too much. In memory, bounded."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

KEYS_MAX = 20_000


@dataclass(slots=True)
class Bucket:
    """What is left, and when that was counted."""

    level: float
    at: datetime


class Buckets:
    """`rate` tokens a second, at most `burst` of them at once, for every key apart."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate = rate
        self.burst = burst
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, key: str, now: datetime) -> float:
        """Take one token: 0.0, or the seconds until there is one again."""
        bucket = self._buckets.pop(key, None) or Bucket(self.burst, now)
        self._buckets[key] = bucket
        while len(self._buckets) > KEYS_MAX:
            self._buckets.popitem(last=False)
        elapsed = max(0.0, (now - bucket.at).total_seconds())
        bucket.level = min(self.burst, bucket.level + elapsed * self.rate)
        bucket.at = now
        if bucket.level < 1:
            return (1 - bucket.level) / self.rate
        bucket.level -= 1
        return 0.0

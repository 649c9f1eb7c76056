"""Token buckets by key (an address, a visitor): how much is too much. In memory, bounded."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

KEYS_MAX = 20_000


def neighbourhood(address: str | None) -> str:
    """Whom an address stands for: itself, or all of an IPv6 customer's /64."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if found.version == 4 or found.ipv4_mapped:
        return str(getattr(found, "ipv4_mapped", None) or found)
    return str(ipaddress.ip_network((found, 64), strict=False))


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

"""How long recordings stay. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Days a recording stays; 0: for ever. `queues` hold other days for calls of a queue."""

    days: int = 0
    queues: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Retention:
        """From its stored form; nothing was ever set: for ever."""
        known = kept or {}
        return cls(days=int(known.get("days", 0)), queues=dict(known.get("queues", {})))

    def days_of(self, queue: str | None) -> int:
        return self.queues.get(queue or "", self.days)

    def is_over(self, made_at: datetime, queue: str | None, now: datetime) -> bool:
        days = self.days_of(queue)
        return days > 0 and made_at + timedelta(days=days) < now

    def shortest(self) -> int | None:
        """Nothing younger than so many days is ever over; None when all stay for ever."""
        return min((days for days in (self.days, *self.queues.values()) if days), default=None)

"""How far a folder has been collected: two ranges of UIDs, so that new mail never waits for old.

1 ……… done ……… top ……… last ………
old mail:  (done, top]   collected little by little
new mail:  (last, ∞)     collected at once
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """All mail up to `done` and in (`top`, `last`] is in the hub; `since` as ISO date."""

    uidvalidity: int
    since: str
    done: int
    top: int
    last: int

    @classmethod
    def begun(cls, uidvalidity: int, uidnext: int, since: date) -> Self:
        """Nothing is collected yet; what is there now is old."""
        newest = max(uidnext - 1, 0)
        return cls(
            uidvalidity=uidvalidity, since=since.isoformat(), done=0, top=newest, last=newest
        )

    @classmethod
    def load(cls, data: dict[str, Any]) -> Self:
        return cls(**data)

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def day(self) -> date:
        return date.fromisoformat(self.since)

    @property
    def behind(self) -> bool:
        """Whether there is old mail to collect."""
        return self.done < self.top

    def fits(self, uidvalidity: int, since: date | None) -> bool:
        """Whether it speaks of this folder still, and of no later day than is wanted now."""
        return self.uidvalidity == uidvalidity and (since is None or self.day <= since)

    def reaching(self, *, old: int | None = None, new: int | None = None) -> Self:
        """Everything up to these UIDs is in the hub now."""
        return replace(
            self,
            done=self.done if old is None else max(self.done, old),
            last=self.last if new is None else max(self.last, new),
        )


def windows(low: int, high: int, width: int, most: int) -> list[tuple[int, int]]:
    """The range cut into at most `most` pieces, none narrower than `width` but the last."""
    if high < low:
        return []
    width = max(width, -(-(high - low + 1) // most))
    return [(first, min(first + width - 1, high)) for first in range(low, high + 1, width)]


def batches(sizes: dict[int, int], count: int, size: int) -> list[dict[int, int]]:
    """Mails (UID → bytes) in pieces of at most `count` and about `size` bytes together."""
    found: list[dict[int, int]] = []
    room = 0
    for uid, one in sizes.items():
        if not found or len(found[-1]) == count or one > room:
            found.append({})
            room = size
        found[-1][uid] = one
        room -= one
    return found

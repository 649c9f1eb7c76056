"""What was seen of calls: since when they are as they are, what is said, how they ended."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.asterisk.phone import Leg
from sandbox.stage.config import Json

STATES = {"calling": "calling", "ringing": "ringing", "up": "talking", "ended": "over"}
BUSY = frozenset({486, 600})


@dataclass(slots=True)
class Seen:
    """Of one call on one phone; `talked` in seconds."""

    state: str
    since: float
    talked: float | None = None
    says: str = ""
    mine: bool = False


class Sightings:
    """By the calls' ids; forgotten calls stay forgotten."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}
        self._past: set[str] = set()

    def __contains__(self, leg: Leg) -> bool:
        return leg.id in self._seen

    def clear(self) -> None:
        self._past |= self._seen.keys()
        self._seen.clear()

    def look(self, legs: Iterable[Leg]) -> None:
        """Notice what has changed."""
        now = time.time()
        for leg in legs:
            before = self._seen.get(leg.id)
            if leg.id in self._past or (before and before.state == leg.state):
                continue
            talked = now - before.since if before and before.state == "up" else None
            self._seen[leg.id] = Seen(leg.state, now, talked)

    def says(self, leg: Leg, words: str, *, mine: bool) -> None:
        if leg.id in self._seen:
            self._seen[leg.id].says, self._seen[leg.id].mine = words, mine

    def call(self, leg: Leg) -> Json | None:
        """As `sandbox.stage.telephone` tells of it."""
        seen = self._seen.get(leg.id)
        if seen is None:
            return None
        return {
            "state": STATES[seen.state],
            "out": leg.out,
            "with": leg.called if leg.out else leg.caller,
            "since": seen.since,
            "says": seen.says,
            "mine": seen.mine,
            "talked": seen.talked,
            "why": _why(leg, seen) if seen.state == "ended" else None,
        }


def _why(leg: Leg, seen: Seen) -> str:
    if seen.talked is not None:
        return "talked"
    if leg.code in BUSY:
        return "busy"
    return "unanswered" if leg.out else "missed"

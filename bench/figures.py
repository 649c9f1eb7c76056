"""One measured figure, its goal and its verdict. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of them lie; the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`values`: one per repetition; the median counts. Without a goal it only informs.

    `more`: larger is better. `note` says what a reader must know to understand the number.
    """

    section: str
    what: str
    values: tuple[float, ...]
    unit: str
    goal: float | None = None
    more: bool = False
    note: str = ""

    @property
    def measured(self) -> float:
        return median(self.values)

    @property
    def ratio(self) -> float | None:
        """How well the goal is kept: 1 and above is kept."""
        if self.goal is None:
            return None
        better, worse = (self.measured, self.goal) if self.more else (self.goal, self.measured)
        return better / worse if worse else float("inf")

    @property
    def verdict(self) -> str:
        if self.ratio is None:
            return ""
        return "ok" if self.ratio >= 1 else "FALLS SHORT"

    def json(self) -> dict[str, Any]:
        return {
            "section": self.section,
            "what": self.what,
            "unit": self.unit,
            "median": round(self.measured, 3),
            "min": round(min(self.values), 3),
            "max": round(max(self.values), 3),
            "repetitions": len(self.values),
            "goal": self.goal,
            "better": "more" if self.more else "less",
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "verdict": self.verdict or None,
            "note": self.note,
        }

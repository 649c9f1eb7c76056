"""The picture of a sound: how loud it is over time, in so few numbers that a page can draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

BARS = 240
FULL = 32768
SILENT, LOUD = 0, 100


class BadSound(ValueError):
    """The file holds no sound that can be played."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Length in milliseconds and the bars of its picture (0..100)."""

    duration_ms: int
    bars: list[int]


def bars(loudest: Sequence[int], *, count: int = BARS) -> list[int]:
    """At most `count` heights of 0..100 from the loudest samples (0..32768) of equal pieces."""
    pieces = len(loudest)
    count = min(count, pieces)
    edges = [number * pieces // count for number in range(count + 1)] if count else []
    heights = [max(loudest[start:end]) for start, end in pairwise(edges)]
    return [min(round(height * LOUD / FULL), LOUD) for height in heights]

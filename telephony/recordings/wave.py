"""The picture of a sound: how loud it is over time, in so few numbers that a page can draw them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

BARS = 240
FULL = 32768
SILENT, LOUD = 0, 100


def bars(loudest: Sequence[int], *, count: int = BARS) -> list[int]:
    """At most `count` heights of 0..100 from the loudest samples (0..32768) of equal pieces."""
    pieces = len(loudest)
    count = min(count, pieces)
    edges = [number * pieces // count for number in range(count + 1)] if count else []
    heights = [max(loudest[start:end]) for start, end in pairwise(edges)]
    return [min(round(height * LOUD / FULL), LOUD) for height in heights]

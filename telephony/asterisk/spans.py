"""Stretches of time as (begin, end) pairs of seconds; `end` None goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import TypeAlias

Span: TypeAlias = tuple[float, float | None]


def switched(marks: Iterable[tuple[float, bool]], end: float | None) -> list[Span]:
    """From (moment, on or off) marks in any order, doubled or not; `end` closes the last one."""
    found: list[Span] = []
    begun: float | None = None
    for at, on in sorted(set(marks)):
        if on and begun is None:
            begun = at
        elif not on and begun is not None:
            found.append((begun, at))
            begun = None
    if begun is not None:
        found.append((begun, end))
    return found


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order."""
    found: list[Span] = []
    for begin, end in sorted(spans, key=lambda span: span[0]):
        if found and begin <= _end(found[-1]):
            last = max(_end(found[-1]), inf if end is None else end)
            found[-1] = (found[-1][0], None if last == inf else last)
        else:
            found.append((begin, end))
    return found


def common(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """Time that is in both; each without overlaps."""
    found: list[Span] = []
    for begin, end in first:
        for other, other_end in second:
            low = max(begin, other)
            high = min(_end((begin, end)), _end((other, other_end)))
            if low < high:
                found.append((low, None if high == inf else high))
    return found


def length(spans: Iterable[Span], now: float) -> float:
    """Seconds in all; what goes on counts up to `now`."""
    return sum(max((now if end is None else end) - begin, 0.0) for begin, end in spans)


def open_at_end(spans: Sequence[Span]) -> bool:
    return bool(spans) and spans[-1][1] is None


def _end(span: Span) -> float:
    return inf if span[1] is None else span[1]

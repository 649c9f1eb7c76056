"""Section c: a manager's answer until the client's channel is asked to send it."""

from __future__ import annotations

import asyncio
import itertools
import time

from bench import wire
from bench.figures import Figure, percentile
from bench.site import Site
from bench.updates import mark, numbers

CALM, BUSY = 20.0, 100.0


async def measure(site: Site, seconds: float) -> list[Figure]:
    """Answers at a calm rate, and at a rate that takes several bots of 30 a second."""
    calm = [await delays(site, CALM, seconds) for _ in range(2)]
    busy = await delays(site, BUSY, seconds)
    return [
        figure("answer at 20/s, p50", [percentile(one, 0.5) for one in calm]),
        figure("answer at 20/s, p99", [percentile(one, 0.99) for one in calm], goal=150),
        figure("answer at 100/s, p50", [percentile(busy, 0.5)]),
        figure(
            "answer at 100/s, the last one",
            [max(busy)],
            goal=2000,
            note=f"at 100/s through {len(site.shops)} clients' bots of 30/s each",
        ),
    ]


def figure(what: str, seconds: list[float], goal: float | None = None, note: str = "") -> Figure:
    values = tuple(1000 * one for one in seconds)
    return Figure(section="c", what=what, values=values, unit="ms", goal=goal, note=note)


async def delays(site: Site, rate: float, seconds: float) -> list[float]:
    """Seconds from the manager's words to the request on the client's side."""
    turn, due = itertools.cycle(site.managers), dict[int, float]()
    begun = time.time()
    for moment in wire.arrivals(rate, seconds):
        await asyncio.sleep(max(0.0, begun + moment - time.time()))
        number = next(numbers)
        due[number] = begun + moment
        next(turn).text(f"Да, привезём в субботу до обеда. {mark(number)}")
    shown = await site.reached(site.shops, due)
    await site.quiet()
    return [shown[number] - moment for number, moment in due.items()]

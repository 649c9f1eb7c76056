"""Section b: a client's message until the Bot API is asked to show it to a manager."""

from __future__ import annotations

from collections.abc import Callable

from bench import wire
from bench.figures import Figure, percentile
from bench.hub import HOST
from bench.site import Site
from bench.updates import client_name, numbers

CALM, BUSY = 20.0, 100.0
# Telegram takes 30 requests a second of one bot and one of a chat: more chats than this can't
# all be reached within two seconds.
MERGING_MANAGERS = 20
NEW_CLIENTS = 700_000_000


async def measure(site: Site, seconds: float) -> list[Figure]:
    """A notice in an open dialog, a card of a new one, and merging under pressure."""
    calm = [await delays(site, site.maker(), CALM, seconds) for _ in range(2)]
    cards = await delays(site, strangers(site), CALM, seconds)
    busy = await delays(site, site.maker(MERGING_MANAGERS), BUSY, seconds)
    return [
        figure("notice at 20/s, p50", [percentile(one, 0.5) for one in calm]),
        figure("notice at 20/s, p99", [percentile(one, 0.99) for one in calm], goal=150),
        figure("card of a new dialog at 20/s, p50", [percentile(cards, 0.5)]),
        figure("card of a new dialog at 20/s, p99", [percentile(cards, 0.99)], goal=150),
        figure("notice at 100/s, p50", [percentile(busy, 0.5)]),
        figure(
            "notice at 100/s, the last one",
            [max(busy)],
            goal=2000,
            note=f"at 100/s for {MERGING_MANAGERS} managers, merged into at most 1/s for each",
        ),
    ]


def figure(what: str, seconds: list[float], goal: float | None = None, note: str = "") -> Figure:
    values = tuple(1000 * one for one in seconds)
    return Figure(section="b", what=what, values=values, unit="ms", goal=goal, note=note)


def strangers(site: Site) -> Callable[[int], bytes]:
    """Every message comes from somebody new."""

    def make(number: int) -> bytes:
        chat = NEW_CLIENTS + number
        return site.doors[number % len(site.doors)].post(number, chat, client_name(chat))

    return make


async def delays(
    site: Site, make: Callable[[int], bytes], rate: float, seconds: float
) -> list[float]:
    """Seconds from the client's message to the request that shows it; every one must come."""
    async with wire.callers(HOST, site.hub.port, 16) as lines:
        due, _ = await wire.drip(lines, numbers, make, wire.arrivals(rate, seconds))
    shown = await site.reached([site.desk], due)
    await site.quiet()
    return [shown[number] - moment for number, moment in due.items()]

"""Section a: a webhook's call until its notice is queued, against the floor."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from bench import floor, wire
from bench.figures import Figure, percentile
from bench.hub import HOST
from bench.site import Site
from bench.updates import numbers

RATE = 200.0
# So many people's numbers are brought up to date within seconds once the flood is over.
MANAGERS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long and how often: seconds per measurement, repetitions, concurrent clients."""

    seconds: float = 5.0
    rounds: int = 3
    clients: int = 32


async def measure(site: Site, dsn: str, effort: Effort) -> list[Figure]:
    """Rates in turns with the floor, then the latency at a steady rate."""
    floors, rates = [], []
    async with floor.writers(dsn, effort.clients) as writers:
        for _ in range(effort.rounds):
            await site.quiet(wholly=True)
            floors.append(await floor.measure(writers, effort.seconds))
            rates.append(await rate(site, effort))
    ratios = tuple(ours / below for ours, below in zip(rates, floors, strict=True))
    note = f"{effort.clients} clients at once; floor: one transaction per message, asyncpg"
    return [
        Figure(
            section="a",
            what="floor: the same rows by hand",
            values=tuple(floors),
            unit="/s",
            more=True,
        ),
        Figure(
            section="a",
            what="webhook to notice queued",
            values=tuple(rates),
            unit="/s",
            more=True,
            note=note,
        ),
        Figure(section="a", what="against the floor", values=ratios, unit="x", goal=1.0, more=True),
        *await latency(site, effort),
    ]


async def rate(site: Site, effort: Effort) -> float:
    """Messages a second, until the last one's notice is queued."""
    last = await newest(site)
    async with wire.callers(HOST, site.hub.port, effort.clients) as lines:
        begun = time.perf_counter()
        took = await wire.flood(lines, numbers, site.maker(MANAGERS), effort.seconds)
        while await site.connection.fetchval(UNPUMPED, last):  # noqa: ASYNC110 - rows, no event
            await asyncio.sleep(0.002)
        found = len(took) / (time.perf_counter() - begun)
    await site.quiet()
    return found


async def newest(site: Site) -> int:
    return int(await site.connection.fetchval("SELECT coalesce(max(id), 0) FROM event"))


UNPUMPED = "SELECT EXISTS (SELECT 1 FROM event WHERE NOT pumped AND id > $1)"


async def latency(site: Site, effort: Effort, rate: float = RATE) -> list[Figure]:
    """p50 and p99 of the answer, and of the notice being queued, at independent arrivals."""
    last = await newest(site)
    async with wire.callers(HOST, site.hub.port, effort.clients) as lines:
        moments = wire.arrivals(rate, max(effort.seconds, 1000 / rate))
        due, answers = await wire.drip(lines, numbers, site.maker(), moments)
    await site.quiet()
    queued = await _queued(site, last, due)
    return [
        _figure(rate, "webhook answered, p50", answers, 0.5),
        _figure(rate, "webhook answered, p99", answers, 0.99),
        _figure(rate, "notice queued, p50", queued, 0.5),
        _figure(rate, "notice queued, p99", queued, 0.99, goal=50.0),
    ]


def _figure(
    rate: float, what: str, seconds: list[float], share: float, *, goal: float | None = None
) -> Figure:
    value = 1000 * percentile(seconds, share)
    return Figure(
        section="a", what=f"{what} at {rate:.0f}/s", values=(value,), unit="ms", goal=goal
    )


# A fact is marked in the transaction that queues its notices.
QUEUED = """
SELECT m.external_id, extract(epoch FROM pg_xact_commit_timestamp(e.xmin))::float8 AS at
FROM event e JOIN message_ref m ON m.message_id = (e.data->>'message_id')::bigint
WHERE e.id > $1 AND e.type = 'MessageReceived'
"""


async def _queued(site: Site, last: int, due: dict[int, float]) -> list[float]:
    rows = await site.connection.fetch(QUEUED, last)
    at = {int(row["external_id"].rpartition(":")[2]): float(row["at"]) for row in rows}
    return [at[number] - moment for number, moment in due.items()]

"""Section a: a webhook's call until its notice is queued, against the floor."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from bench import floor, machine, wire
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


@dataclass(frozen=True, slots=True)
class Pace:
    """Messages a second, and CPU milliseconds each of them took (load generator left out)."""

    rate: float
    cpu: float


async def measure(site: Site, dsn: str, effort: Effort) -> list[Figure]:
    """Rates in turns with the floor, then with the bot at work, then at a steady rate.

    The floor sends nothing, so it is compared with the roles that take and queue.
    """
    floors, taken = [], []
    async with floor.writers(dsn, effort.clients) as writers:
        await site.restart("web", "worker")
        for _ in range(effort.rounds):
            floors.append(await _floor(writers, effort.seconds))
            taken.append(await pace(site, effort))
    alone = await latency(site, effort, "web and worker")
    await site.restart()
    await site.quiet(wholly=True)
    whole = [await rate(site, effort) for _ in range(effort.rounds)]
    together = await latency(site, effort, "all roles")
    await site.quiet()
    note = (
        f"{effort.clients} clients at once; floor: asyncpg, one transaction per message, no HTTP,"
        " no routing; against it the roles web and worker, without HTTP load generation in CPU"
    )
    ratios = [ours.rate / below.rate for ours, below in zip(taken, floors, strict=True)]
    return [
        _rates("floor: the same rows by hand", [one.rate for one in floors]),
        _rates("webhook to notice queued", [one.rate for one in taken], note=note),
        _rates("against the floor", ratios, unit="x", goal=1.0),
        _rates("CPU of a message, floor", [one.cpu for one in floors], unit="ms", more=False),
        _rates("CPU of a message, Pult", [one.cpu for one in taken], unit="ms", more=False),
        _rates("with the bot sending meanwhile", whole),
        *alone,
        *together,
    ]


def _rates(what: str, values: list[float], *, unit: str = "/s", **rest: Any) -> Figure:
    return Figure(
        section="a", what=what, values=tuple(values), unit=unit, **({"more": True} | rest)
    )


async def _floor(writers: list[floor.Writer], seconds: float) -> Pace:
    before = sum(machine.spent())
    found = await floor.measure(writers, seconds)
    return Pace(found, 1000 * (sum(machine.spent()) - before) / (found * seconds))


async def pace(site: Site, effort: Effort) -> Pace:
    """Messages a second, until the last one's notice is queued."""
    last, before = await newest(site), machine.spent()[1]
    async with wire.callers(HOST, site.hub.port, effort.clients) as lines:
        begun = time.perf_counter()
        took = await wire.flood(lines, numbers, site.maker(MANAGERS), effort.seconds)
        while await site.connection.fetchval(UNPUMPED, last):  # noqa: ASYNC110 - rows, no event
            await asyncio.sleep(0.002)
        found = len(took) / (time.perf_counter() - begun)
    return Pace(found, 1000 * (machine.spent()[1] - before) / len(took))


async def rate(site: Site, effort: Effort) -> float:
    """The same with the notices sent as well; afterwards everything is at rest."""
    found = await pace(site, effort)
    await site.quiet()
    return found.rate


async def newest(site: Site) -> int:
    return int(await site.connection.fetchval("SELECT coalesce(max(id), 0) FROM event"))


UNPUMPED = "SELECT EXISTS (SELECT 1 FROM event WHERE NOT pumped AND id > $1)"


async def latency(site: Site, effort: Effort, roles: str) -> list[Figure]:
    """p50 and p99 of the answer, and of the notice being queued, at independent arrivals."""
    last = await newest(site)
    async with wire.callers(HOST, site.hub.port, effort.clients) as lines:
        moments = wire.arrivals(RATE, 4 * effort.seconds)
        due, answers = await wire.drip(lines, numbers, site.maker(), moments)
        while await site.connection.fetchval(UNPUMPED, last):  # noqa: ASYNC110 - rows, no event
            await asyncio.sleep(0.01)
    queued = await _queued(site, last, due)
    return [
        _figure(f"answered, p99, {roles}", answers, 0.99),
        _figure(f"notice queued, p50, {roles}", queued, 0.5),
        _figure(f"notice queued, p99, {roles}", queued, 0.99, goal=50.0),
    ]


def _figure(what: str, seconds: list[float], share: float, *, goal: float | None = None) -> Figure:
    value = 1000 * percentile(seconds, share)
    return Figure(
        section="a", what=f"at {RATE:.0f}/s, {what}", values=(value,), unit="ms", goal=goal
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

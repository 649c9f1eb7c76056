"""Section h: a call comes in: whom to ring, the screen pop, hundreds of calls at once."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bench import seed
from bench.figures import Figure, percentile
from bench.hub import HOST
from bench.pbx import Pbx
from bench.site import PATIENCE, SECRET_KEY, Site
from bench.wire import arrivals
from crm_core.accounts.commands import Settings
from crm_core.calls import connecting
from crm_core.kernel import db, secrets
from crm_core.kernel.actors import SYSTEM

# A call that is over is shown to nobody any more: they ring as long as people let them.
RATE, RINGS, TALKS = 20.0, 3.0, 1.0
# Callers are taken from all over the base, everybody once.
SPREAD = 2_000
NUMBER = re.compile(r"\+7 \d{3} \d{3}-\d\d-\d\d")
LIVING = "SELECT count(*) FROM call WHERE state <> 'ended'"
# A phone of nobody: its calls are tracked and shown to no one.
NOBODY = "7999"
# Those an earlier section has left without a chat are at home.
PHONES = """
UPDATE employee SET extension = CASE WHEN telegram_id IS NOT NULL THEN (8000 + id)::text END,
  presence = CASE WHEN telegram_id IS NULL THEN 'off' ELSE 'on' END
"""


Ask = Callable[[int, str], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """New calls come for so many seconds; so many live at once, several times over."""

    seconds: float = 20.0
    together: int = 500
    rounds: int = 4


@dataclass(kw_only=True)
class Load:
    """What was seen: seconds of each answer, when each number began to ring."""

    asked: list[float] = field(default_factory=list)
    unanswered: int = 0
    rang: dict[str, float] = field(default_factory=dict)


async def measure(site: Site, dsn: str, clients: int, size: Size) -> list[Figure]:
    """The PBX is one that is pretended; the hub, its rows and the bot are real."""
    async with Pbx().running() as pbx:
        hook = await _connected(dsn, pbx)
        async with asyncio.timeout(PATIENCE):
            await pbx.linked.wait()
        url = f"http://{HOST}:{site.hub.port}{hook}"
        load = await _calls(pbx, url, clients, size.seconds)
        delays = await _popped(site, load)
        memory = await _memory(site, pbx, size)
    return [*_figures(load, delays, clients), _flat(memory, size)]


async def _connected(dsn: str, pbx: Pbx) -> str:
    """The PBX's row, people's phones; the address questions go to (without the host)."""
    secrets.use_key(SECRET_KEY)
    async with seed.kernel(dsn):
        await db.execute(PHONES)
        config = {"host": HOST, "port": pbx.port, "secret": "x", "username": "bench"}
        stored = Settings(config=config, secret_fields=["secret"])
        pbx_id = await connecting.add(SYSTEM, kind="asterisk", name="bench rings", settings=stored)
        secret = await db.fetchval("SELECT hook_secret FROM pbx WHERE id = $1", pbx_id)
    return f"/hooks/pbx/{pbx_id}/{secret}/route"


async def _calls(pbx: Pbx, hook: str, clients: int, seconds: float) -> Load:
    """New calls at RATE: the PBX asks, rings whom it was told, they talk, it is over."""
    load, begun = Load(), time.time()
    async with _asking(hook) as http, asyncio.TaskGroup() as group:
        for number, moment in enumerate(arrivals(RATE, seconds), 1):
            await asyncio.sleep(max(0.0, begun + moment - time.time()))
            one = 1 + number * max(clients // SPREAD, 1) % clients
            caller = f"+79{one * 7919 % 1_000_000_000:09}"  # as generated
            group.create_task(_call(pbx, http, load, (number, caller)))
    return load


@asynccontextmanager
async def _asking(hook: str) -> AsyncIterator[Ask]:
    async with aiohttp.ClientSession() as http:

        async def ask(number: int, caller: str) -> str:
            params = {"call": f"pbx-{number}.0", "caller": caller, "did": "74950077"}
            async with http.get(hook, params=params) as answer:
                answer.raise_for_status()
                return await answer.text()

        yield ask


async def _call(pbx: Pbx, ask: Ask, load: Load, call: tuple[int, str]) -> None:
    begun = time.perf_counter()
    told = await ask(*call)
    load.asked.append(time.perf_counter() - begun)
    extension = told.partition(":")[2] or NOBODY
    if extension == NOBODY:
        load.unanswered += 1
    else:
        load.rang[call[1]] = time.time()
    pbx.ring(*call, extension)
    await asyncio.sleep(RINGS)
    pbx.answer(*call, extension)
    await asyncio.sleep(TALKS)
    pbx.end(*call, extension)


async def _popped(site: Site, load: Load) -> list[float]:
    """Seconds from the ring to the request that shows it; every one must come."""
    late = time.monotonic() + PATIENCE
    while (shown := _shown(site)).keys() < load.rang.keys():
        if time.monotonic() > late:
            raise TimeoutError(f"{len(load.rang.keys() - shown.keys())} calls were never shown")
        await asyncio.sleep(0.1)
    return [shown[number] - at for number, at in load.rang.items()]


def _shown(site: Site) -> dict[str, float]:
    """When each caller's number was first asked to be shown."""
    found: dict[str, float] = {}
    for call in site.world.calls.of("sendMessage"):
        for number in NUMBER.findall(str(call.params.get("text", ""))):
            found.setdefault(re.sub(r"[ -]", "", number), call.at)
    return found


async def _memory(site: Site, pbx: Pbx, size: Size) -> list[float]:
    """MB of the hub before, and after each time `together` calls lived at once and ended."""
    await site.quiet()
    found = [site.hub.memory or 0.0]
    for turn in range(1, size.rounds + 1):
        calls = [(turn * 1_000_000 + n, f"+7495{turn}{n:06}") for n in range(size.together)]
        for call in calls:
            pbx.ring(*call, NOBODY)
            pbx.answer(*call, NOBODY)
        await _living(site, size.together)
        for call in calls:
            pbx.end(*call, NOBODY)
        await _living(site, 0)
        await site.quiet()
        found.append(site.hub.memory or 0.0)
    return found


async def _living(site: Site, wanted: int) -> None:
    late = time.monotonic() + PATIENCE
    while await site.connection.fetchval(LIVING) != wanted:
        if time.monotonic() > late:
            raise TimeoutError(f"there should be {wanted} living calls")
        await asyncio.sleep(0.1)


def _figures(load: Load, delays: list[float], clients: int) -> list[Figure]:
    base = f"at {RATE:g} new calls/s among {clients:,} clients"
    return [
        _ms(f"whom to ring, {base}, p50", load.asked, 0.5),
        _ms(f"whom to ring, {base}, p99", load.asked, 0.99, goal=30.0, note="over HTTP, as asked"),
        _ms(f"ring to screen pop, {base}, p50", delays, 0.5),
        _ms(
            f"ring to screen pop, {base}, p99",
            delays,
            0.99,
            goal=300.0,
            note=f"{len(delays)} calls; for {load.unanswered} more nobody was free",
        ),
    ]


def _flat(memory: list[float], size: Size) -> Figure:
    turns = ", ".join(f"{one:.0f}" for one in memory)
    return Figure(
        section="h",
        what=f"memory after {size.rounds} times {size.together} calls at once, over the first",
        values=(memory[-1] / memory[1],),
        unit="x",
        goal=1.05,
        note=f"MB before and after each: {turns}",
    )


def _ms(what: str, seconds: list[float], share: float, **rest: Any) -> Figure:
    value = 1000 * percentile(seconds, share)
    return Figure(section="h", what=what, values=(value,), unit="ms", **rest)

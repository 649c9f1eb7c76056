"""Section e: clients found by phone and by name in a large base, as the search box asks."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from bench import people, seed
from bench.figures import Figure, percentile
from crm_core.clients.queries import search
from crm_core.kernel.actors import SYSTEM

QUERIES = 200


async def measure(dsn: str, clients: int, rounds: int) -> list[Figure]:
    """The whole call, from the typed text to the page of twenty."""
    kinds: dict[str, tuple[Callable[[random.Random], str], float | None]] = {
        "phone, whole": (lambda chance: _phone(chance, clients), 5.0),
        "phone, last 4 digits": (lambda chance: _phone(chance, clients)[-4:], None),
        "name, surname and first name": (lambda chance: _name(chance, parts=2), 30.0),
        "name, surname": (lambda chance: _name(chance, parts=1), 30.0),
        "name, first letters": (lambda chance: _name(chance, parts=1)[:4], None),
        "name, a slip in the surname": (lambda chance: _slip(chance, _name(chance, parts=2)), None),
    }
    found = []
    async with seed.kernel(dsn):
        for what, (make, goal) in kinds.items():
            runs = [await _times(make, number) for number in range(rounds + 1)][1:]
            found += [_figure(f"{what}, p50", runs, 0.5), _figure(f"{what}, p99", runs, 0.99, goal)]
    return found


def _figure(what: str, runs: list[list[float]], share: float, goal: float | None = None) -> Figure:
    values = tuple(1000 * percentile(run, share) for run in runs)
    return Figure(section="e", what=what, values=values, unit="ms", goal=goal)


async def _times(make: Callable[[random.Random], str], number: int) -> list[float]:
    chance, took = random.Random(number), []
    for _ in range(QUERIES):
        text = make(chance)
        begun = time.perf_counter()
        await search(SYSTEM, text)
        took.append(time.perf_counter() - begun)
    return took


def _phone(chance: random.Random, clients: int) -> str:
    """Somebody's, as the generator made it, written as people write it."""
    digits = f"{chance.randint(1, clients) * 7919 % 1_000_000_000:09}"
    return f"8 (9{digits[:2]}) {digits[2:5]}-{digits[5:7]}-{digits[7:]}"


MALE = (people.surnames(female=False).shown, people.MALE)


def _name(chance: random.Random, parts: int) -> str:
    surnames, names = MALE
    return " ".join((chance.choice(surnames), chance.choice(names))[:parts])


def _slip(chance: random.Random, name: str) -> str:
    """Two neighbouring letters change places."""
    at = chance.randrange(1, name.index(" ") - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]

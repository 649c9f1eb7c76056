"""Section d: the same work in a large base, in turns with a small one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bench import answers, intake, notices
from bench.figures import Figure, percentile
from bench.intake import Effort
from bench.site import Site

GOAL = 1.3


async def measure(small: Site, large: Site, effort: Effort) -> list[Figure]:
    """How many times slower the large one is, pair by pair."""

    async def slow(site: Site) -> float:
        return 1 / await intake.rate(site, effort)

    async def notice(site: Site) -> float:
        return percentile(
            await notices.delays(site, site.maker(), notices.CALM, effort.seconds), 0.5
        )

    async def card(site: Site) -> float:
        return percentile(
            await notices.delays(site, notices.strangers(site), notices.CALM, effort.seconds), 0.5
        )

    async def answer(site: Site) -> float:
        return percentile(await answers.delays(site, answers.CALM, effort.seconds), 0.5)

    works: dict[str, Callable[[Site], Awaitable[float]]] = {
        "a: time per message": slow,
        "b: notice, p50": notice,
        "b: card, p50": card,
        "c: answer, p50": answer,
    }
    found = []
    for what, work in works.items():
        pairs = [(await work(small), await work(large)) for _ in range(effort.rounds)]
        found.append(
            Figure(
                section="d",
                what=f"{what}, large over small",
                values=tuple(large / small for small, large in pairs),
                unit="x",
                goal=GOAL,
            )
        )
    return found

"""A whole run: the sections asked for, on one ground, with the load of other programs noted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from bench import (
    answers,
    calls,
    coldstart,
    finding,
    ground,
    intake,
    large,
    machine,
    mail,
    notices,
    report,
    rings,
    seed,
    site,
    volume,
)
from bench.figures import Figure
from bench.ground import Ground
from bench.site import Site

SECTIONS = ("a", "b", "c", "d", "e", "f", "g", "h", "mail")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is measured, how hard, how large."""

    sections: tuple[str, ...] = SECTIONS
    effort: intake.Effort = field(default_factory=intake.Effort)
    volume: volume.Volume = field(default_factory=volume.Volume)
    size: seed.Size = field(default_factory=seed.Size)
    starts: int = coldstart.ROUNDS
    mail: mail.Size = field(default_factory=mail.Size)
    rings: rings.Size = field(default_factory=rings.Size)


class Run:
    """One run; sites and databases are made when a section first needs them."""

    def __init__(self, plan: Plan, here: Ground, stack: AsyncExitStack, say: Say) -> None:
        self._plan, self._ground, self._stack, self._say = plan, here, stack, say
        self._sites: dict[str, tuple[Site, str]] = {}
        self._large: str | None = None
        self._generated: Figure | None = None

    async def section(self, name: str) -> list[Figure]:
        works: dict[str, Callable[[], Awaitable[list[Figure]]]] = {
            "a": self._intake,
            "b": self._notices,
            "c": self._answers,
            "d": self._in_large,
            "e": self._finding,
            "f": self._start,
            "mail": self._mail,
            "g": self._calls,
            "h": self._rings,
        }
        self._say(f"section {name} …")
        return await works[name]()

    async def _intake(self) -> list[Figure]:
        found, dsn = await self._site("small")
        return await intake.measure(found, dsn, self._plan.effort)

    async def _notices(self) -> list[Figure]:
        found, _ = await self._site("small")
        return await notices.measure(found, 2 * self._plan.effort.seconds)

    async def _answers(self) -> list[Figure]:
        found, _ = await self._site("small")
        return await answers.measure(found, 2 * self._plan.effort.seconds)

    async def _in_large(self) -> list[Figure]:
        small, _ = await self._site("small")
        big, _ = await self._site("large")
        assert self._generated is not None
        return [self._generated, *await large.measure(small, big, self._plan.effort)]

    async def _finding(self) -> list[Figure]:
        dsn, plan = await self._large_dsn(), self._plan
        return await finding.measure(dsn, plan.volume.clients, plan.effort.rounds)

    async def _start(self) -> list[Figure]:
        return await coldstart.measure(self._ground.sub("start"), self._plan.starts)

    async def _mail(self) -> list[Figure]:
        return await mail.measure(self._ground, self._plan.mail, self._say)

    async def _calls(self) -> list[Figure]:
        dsn, plan = await self._large_dsn(), self._plan
        return await calls.measure(dsn, plan.volume.clients, plan.effort.rounds)

    async def _rings(self) -> list[Figure]:
        found, dsn = await self._site("large")
        plan = self._plan
        return await rings.measure(found, dsn, plan.volume.clients, plan.rings)

    async def _site(self, name: str) -> tuple[Site, str]:
        if name not in self._sites:
            dsn = await (self._large_dsn() if name == "large" else self._ground.database(name))
            entered = site.site(self._ground.sub(name), dsn, self._plan.size)
            self._sites[name] = await self._stack.enter_async_context(entered), dsn
        return self._sites[name]

    async def _large_dsn(self) -> str:
        if self._large is None:
            wanted = self._plan.volume
            self._say(f"making {wanted.clients:,} clients and {wanted.messages:,} messages …")
            self._large = await self._ground.database("large")
            took = await volume.generate(self._large, wanted)
            what = f"making {wanted.clients:,} clients, {wanted.messages:,} messages"
            self._generated = Figure(section="d", what=what, values=(took,), unit="s")
        return self._large


@asynccontextmanager
async def _running(plan: Plan, say: Say) -> AsyncIterator[tuple[Ground, Run]]:
    async with ground.ground() as here, AsyncExitStack() as stack:
        yield here, Run(plan, here, stack, say)


async def measure(plan: Plan, say: Say) -> report.Report:
    """Everything of the plan; `say` gets a line when something begins."""
    async with _running(plan, say) as (here, run):
        found = report.Report(machine.describe(await here.version()))
        for name in plan.sections:
            watch = machine.Watch()
            found.figures += await run.section(name)
            found.loads[name] = watch.foreign()
    return found

"""A scripted lane: what the provider does with each request is what the test says."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from crm_core.kernel import db
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups
from crm_core.outbox.rows import Post, put
from routing.contracts import Pacing, Sent
from routing.lanes import OutRow
from routing.outbound.worker import LaneWorker
from tests.waiting import eventually

FAST = Pacing(
    rate=1000, burst=1000, chat_rate=1000, chat_burst=1000, group_rate=1000, group_burst=1000
)


def words(row: OutRow) -> str:
    return str(row.data.get("n") or row.data.get("text"))


@dataclass(slots=True, kw_only=True)
class Lane:
    """routing.lanes.LaneSender; faults by chat, taken one by one; `gate` holds requests open."""

    pacing: Pacing = FAST
    resend_unknown: bool = False
    requests: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    faults: dict[str, deque[Exception]] = field(default_factory=lambda: defaultdict(deque))
    in_flight: set[str] = field(default_factory=set)
    most: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def is_group(self, chat: str) -> bool:
        return chat.startswith("g")

    async def send(self, chat: str, rows: Sequence[OutRow]) -> Sent:
        assert chat not in self.in_flight, "two requests of one chat at once"
        self.in_flight.add(chat)
        self.most = max(self.most, len(self.in_flight))
        self.requests.append((chat, tuple(words(row) for row in rows)))
        self.at.append(asyncio.get_running_loop().time())
        try:
            await asyncio.sleep(0)
            await self.gate.wait()
            if self.faults[chat]:
                raise self.faults[chat].popleft()
        finally:
            self.in_flight.discard(chat)
        return Sent((f"{chat}:{len(self.requests)}",))

    def of(self, chat: str) -> list[str]:
        """What was sent to a chat, in order."""
        return [one for where, rows in self.requests if where == chat for one in rows]


def post(chat: str, number: object, **rest: object) -> Post:
    fields = {"lane": "bot", "kind": "notice", "data": {"n": str(number)}} | rest
    return Post(chat=chat, **fields)  # type: ignore[arg-type] # the test's own words


async def queue(*posts: Post) -> None:
    async with db.transaction():
        await put(*posts)


async def states(lane: str = "bot") -> list[str]:
    rows = await db.fetch("SELECT state FROM outbox WHERE lane = $1 ORDER BY id", lane)
    return [row["state"] for row in rows]


async def settled(*wanted: str, lane: str = "bot") -> None:
    """Wait until every row is in one of these states (by default: sent)."""
    allowed = set(wanted or ("sent",))

    async def look() -> bool:
        found = await states(lane)
        return bool(found) and set(found) <= allowed

    await eventually(look, what=f"all rows {allowed}")


async def requested(lane: Lane, count: int) -> None:
    """Wait until the provider was asked so many times."""

    async def look() -> bool:
        return len(lane.requests) >= count

    await eventually(look, what=f"{count} requests")


@asynccontextmanager
async def working(sender: Lane, lane: str = "bot") -> AsyncIterator[Supervisor]:
    """A worker of the lane runs inside."""
    wakeups, services = Wakeups(), Supervisor()
    services.start("wakeups", wakeups.run)
    await wakeups.listening.wait()
    services.start("worker", LaneWorker(lane, sender, wakeups).run)
    try:
        yield services
    finally:
        sender.gate.set()
        await services.stop()

"""A company under load: a database, a pretended Telegram, the hub, people with open dialogs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from bench import seed
from bench.hub import HOST, Hub
from bench.updates import Door, marks, spread
from sandbox.botapi import Server, World
from sandbox.botapi.actor import Actor
from sandbox.botapi.state import Bot
from sandbox.tokens import MANAGERS_BOT_TOKEN

QUIET_LANE = "bot:quiet"
SECRET_KEY = "measured and thrown away"  # noqa: S105
PATIENCE = 180.0


@dataclass(kw_only=True)
class Site:
    """Everything a section needs. `seats`: (door, client's chat), one after another by manager."""

    world: World
    hub: Hub
    connection: asyncpg.Connection
    managers: list[Actor]
    desk: Bot
    shops: list[Bot]
    doors: list[Door] = field(default_factory=list)
    seats: list[tuple[int, int]] = field(default_factory=list)

    def maker(self, managers: int | None = None) -> Callable[[int], bytes]:
        """Requests round the open dialogs, one manager after another (only the first ones)."""
        most, all_ = managers or len(self.managers), len(self.managers)
        seats = [seat for number, seat in enumerate(self.seats) if number % all_ < most]
        return spread(self.doors, seats)

    async def restart(self, *roles: str) -> None:
        """The hub anew, with all roles or some."""
        await self.hub.stop()
        await self.hub.start(*roles)

    async def quiet(self, *, wholly: bool = False) -> None:
        """Until nothing anybody waits for is on its way; `wholly`: nor a mark or a number."""
        late = time.monotonic() + PATIENCE
        lanes = ["floor"] if wholly else ["floor", QUIET_LANE]
        while await self.connection.fetchval(BUSY, lanes):
            if time.monotonic() > late:
                raise TimeoutError("the hub does not come to rest")
            await asyncio.sleep(0.1)
        self.world.calls.clear()

    async def reached(self, bots: list[Bot], wanted: Collection[int]) -> dict[int, float]:
        """When each of these marked texts was shown; all of them must be."""
        late = time.monotonic() + PATIENCE
        while not (shown := self.shown(bots)).keys() >= set(wanted):
            if time.monotonic() > late:
                raise TimeoutError(f"{len(set(wanted) - shown.keys())} messages never arrived")
            await asyncio.sleep(0.1)
        return shown

    def shown(self, bots: list[Bot]) -> dict[int, float]:
        """When (Unix seconds) each marked text was first asked to be sent by one of the bots."""
        ids, found = {bot.id for bot in bots}, dict[int, float]()
        for call in self.world.calls:
            if call.bot_id in ids and call.method == "sendMessage":
                for number in marks(str(call.params.get("text", ""))):
                    found.setdefault(number, call.at)
        return found


BUSY = """
SELECT EXISTS (SELECT 1 FROM raw_event WHERE state = 'new')
  OR EXISTS (SELECT 1 FROM event WHERE NOT pumped)
  OR EXISTS (SELECT 1 FROM outbox WHERE state = 'queued' AND lane <> ALL($1))
  OR EXISTS (SELECT 1 FROM outbox WHERE state = 'sending' AND lane <> ALL($1))
"""


@asynccontextmanager
async def site(folder: Path, dsn: str, size: seed.Size) -> AsyncIterator[Site]:
    """A company at work on a migrated database; the hub joins the server at `dsn`."""
    async with AsyncExitStack() as stack:
        world = World()
        desk = world.add_bot(MANAGERS_BOT_TOKEN, "Пульт", username="desk_bot")
        shops = [world.add_bot(seed.token(n), f"Магазин {n}") for n in range(size.bots)]
        url = await stack.enter_async_context(Server(world))
        company = await seed.company(dsn, url, SECRET_KEY, size)
        hub = Hub(
            folder,
            {
                "PULT_DATABASE_URL": dsn,
                "PULT_DATA_DIR": str(folder),
                "PULT_SECRET_KEY": SECRET_KEY,
                "PULT_BOT_TOKEN": MANAGERS_BOT_TOKEN,
                "PULT_TELEGRAM_API_URL": url,
            },
        )
        connection = await asyncpg.connect(dsn)
        stack.push_async_callback(connection.close)
        await hub.start()
        stack.push_async_callback(hub.stop)
        found = Site(
            world=world,
            hub=hub,
            connection=connection,
            managers=_managers(world, desk, company),
            desk=desk,
            shops=shops,
            doors=[
                Door(
                    channel_id=id_,
                    host=f"{HOST}:{hub.port}",
                    path=f"/hooks/{id_}/{key}",
                    secret=key,
                )
                for id_, key in company.channels
            ],
            seats=company.seats,
        )
        _let_write(found)
        await _begin(found)
        yield found


def _managers(world: World, desk: Bot, company: seed.Company) -> list[Actor]:
    return [
        world.actor(world.add_user(f"Менеджер {n}", id=id_, language_code="ru"), desk)
        for n, id_ in enumerate(company.managers)
    ]


def _let_write(found: Site) -> None:
    """Every client has pressed Start in their bot."""
    for door, chat in found.seats:
        user = found.world.add_user(f"Клиент {chat}", id=chat, language_code="ru")
        found.world.private(found.shops[door], user).started = True


async def _begin(found: Site) -> None:
    """Managers open their bot; every one gets the home message."""
    for manager in found.managers:
        manager.start()
    count = len(found.managers)
    await found.world.wait_for(lambda: _greeted(found) >= count, timeout=PATIENCE)
    await found.quiet()


def _greeted(found: Site) -> int:
    return sum(call.outcome == "ok" for call in found.world.calls.of("sendMessage"))

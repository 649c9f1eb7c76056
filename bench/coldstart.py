"""Section f: from the command line to a working hub, and how much memory it takes."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from app.postgres import EmbeddedPostgres, attach
from bench import seed, wire
from bench.figures import Figure
from bench.hub import HOST, Hub
from bench.site import SECRET_KEY
from bench.updates import Door, numbers, spread
from sandbox.botapi import Server, World
from sandbox.tokens import MANAGERS_BOT_TOKEN

ROUNDS = 5
MESSAGES_PER_SECOND, SECONDS = 100.0, 5.0


async def measure(folder: Path, rounds: int = ROUNDS) -> list[Figure]:
    """`pult run` with its own database, whose base exists; both bots work."""
    world = World()
    world.add_bot(MANAGERS_BOT_TOKEN, "Пульт", username="desk_bot")
    size = seed.Size(managers=20, bots=1, dialogs=5)
    world.add_bot(seed.token(0), "Магазин")
    async with Server(world) as url:
        async with EmbeddedPostgres(folder) as server:
            await seed.migrate(server.dsn)
            company = await seed.company(server.dsn, url, SECRET_KEY, size)
        settings = {
            "PULT_DATA_DIR": str(folder),
            "PULT_SECRET_KEY": SECRET_KEY,
            "PULT_BOT_TOKEN": MANAGERS_BOT_TOKEN,
            "PULT_TELEGRAM_API_URL": url,
        }
        hub = Hub(folder, settings)
        starts, memory = [], []
        for number in range(rounds):
            try:
                starts.append(await _start(hub, world))
                if number == rounds - 1:
                    memory.append(await _worked(hub, folder, company))
            finally:
                await hub.stop()
    return [
        Figure(
            section="f",
            what="start of pult run with an existing base",
            values=tuple(starts),
            unit="s",
            goal=3.0,
            note="until /readyz answers and the managers' bot asks for updates",
        ),
        Figure(
            section="f",
            what="memory of pult run after traffic, without PostgreSQL",
            values=tuple(memory),
            unit="MB",
            goal=200.0,
        ),
    ]


async def _start(hub: Hub, world: World) -> float:
    """Seconds until it serves and its bot polls."""
    world.calls.clear()
    await hub.start()
    await world.wait_for(lambda: world.calls.of("getUpdates"), 30)
    return time.time() - hub.begun


async def _worked(hub: Hub, folder: Path, company: seed.Company) -> float:
    """Resident memory after some traffic, MB."""
    doors = [
        Door(channel_id=id_, host=f"{HOST}:{hub.port}", path=f"/hooks/{id_}/{key}", secret=key)
        for id_, key in company.channels
    ]
    async with wire.callers(HOST, hub.port, 16) as lines:
        moments = wire.arrivals(MESSAGES_PER_SECOND, SECONDS)
        await wire.drip(lines, numbers, spread(doors, company.seats), moments)
    await asyncio.sleep(2)
    assert await attach(folder), "the hub no longer has its database"
    return hub.memory or 0.0

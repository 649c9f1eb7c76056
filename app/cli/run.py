"""`pult run`: the hub, until it is told to stop."""

from __future__ import annotations

import argparse
import gc
import importlib

from app import database
from app.cli.shared import prepared
from app.lean import import_aiogram
from app.stopping import until_stopped

ROLES = ("web", "worker", "bot", "telephony", "voicebot")
VOICEBOT = "voicebot"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--role",
        action="append",
        choices=ROLES,
        help="only this role (may be repeated); several processes share one database",
    )


async def run(options: argparse.Namespace) -> None:
    settings = prepared()
    roles = tuple(options.role or ROLES)
    if roles == (VOICEBOT,):
        from app.voicebots import process  # noqa: PLC0415 - speech, only where bots are

        await process.run(settings)
        return
    # Several roles as several processes need a server; the embedded database has one owner.
    async with database.opened(settings, own=True, meanwhile=_load) as found:
        from app.hub import Hub  # noqa: PLC0415 - loaded meanwhile
        from app.voicebots.keeper import Keeper  # noqa: PLC0415

        hub = Hub(settings, roles)
        hub.supervisor.start("postgres", found.keep_alive)
        async with hub.running() as address:
            if VOICEBOT in roles:
                hub.supervisor.start("voicebots", Keeper(hub.wakeups).run)
            # What stands now stays: full collections would stop everything to look through it.
            gc.collect()
            gc.freeze()
            print(
                f"Pult runs{f' at {address}' if address else ''}. Stop it with Ctrl+C.", flush=True
            )
            if hub.bot is None and "bot" in roles:
                print("No PULT_BOT_TOKEN is set: the managers' bot is off.", flush=True)
            await until_stopped()


def _load() -> None:
    """The heavy half of our imports: PostgreSQL starts on another core meanwhile."""
    import_aiogram()
    importlib.import_module("app.hub")
    importlib.import_module("bot.app")

"""`pult run`: the hub, until it is told to stop."""

from __future__ import annotations

import argparse
import gc

from app import database
from app.cli.shared import prepared
from app.lean import import_aiogram

ROLES = ("web", "worker", "bot", "telephony")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--role",
        action="append",
        choices=ROLES,
        help="only this role (may be repeated); several processes share one database",
    )


async def run(options: argparse.Namespace) -> None:
    settings = prepared()
    import_aiogram()
    from app.hub import Hub, until_stopped  # noqa: PLC0415 - heavy imports after the settings

    roles = tuple(options.role or ROLES)
    # Several roles as several processes need a server; the embedded database has one owner.
    async with database.opened(settings, own=True) as found:
        hub = Hub(settings, roles)
        hub.supervisor.start("postgres", found.keep_alive)
        async with hub.running() as address:
            # What stands now stays: full collections would stop everything to look through it.
            gc.collect()
            gc.freeze()
            print(
                f"Pult runs{f' at {address}' if address else ''}. Stop it with Ctrl+C.", flush=True
            )
            if hub.bot is None and "bot" in roles:
                print("No PULT_BOT_TOKEN is set: the managers' bot is off.", flush=True)
            await until_stopped()

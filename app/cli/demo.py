"""`pult demo`: everything at once on this machine, with a pretended Telegram (or a real bot)."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import socket

from pydantic import SecretStr

from app import database
from app.cli.shared import prepared
from app.lean import import_aiogram
from app.settings import Settings
from app.stopping import until_stopped
from crm_core.kernel import db
from crm_core.kernel.errors import Refused


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="default: 8080, or PULT_HTTP_PORT")
    parser.add_argument("--language", choices=("ru", "en"), default="ru", help="of the stage")
    parser.add_argument(
        "--telephony", action="store_true", help="with telephones and a private Asterisk"
    )
    parser.add_argument("--keep", action="store_true", help="keep what was played last time")


async def run(options: argparse.Namespace) -> None:
    settings = prepared(level="warning")
    if settings.database_url:
        raise Refused("The demo uses a database of its own: unset PULT_DATABASE_URL for it.")
    settings.data_dir = settings.data_dir / "demo"
    if options.port is not None:
        settings.http_port = options.port
    if not options.keep:
        _forget(settings)
    if options.telephony:
        await _with_telephony(settings)
    import_aiogram()
    async with database.opened(settings, own=True) as found:
        if settings.bot_token is None:
            await _sandboxed(settings, found, options)
        else:
            await _real(settings, found)


async def _with_telephony(settings: Settings) -> None:
    from app.demo.telephony import set_up  # noqa: PLC0415 - only in this demo

    if settings.bot_token is not None:
        raise Refused("Telephones stand on the stage only: unset PULT_BOT_TOKEN for it.")
    await asyncio.to_thread(set_up)


def _free_port(host: str) -> int:
    """Any port nobody has now: addresses are told to others before we listen."""
    with socket.create_server((host, 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _forget(settings: Settings) -> None:
    """The play begins anew: rows are emptied below, files here."""
    shutil.rmtree(settings.files_dir, ignore_errors=True)


async def _empty() -> None:
    tables = await db.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tablename <> 'tortoise_migrations'"
    )
    names = ", ".join(f'"{row["tablename"]}"' for row in tables)
    await db.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


async def _sandboxed(
    settings: Settings, found: database.Database, options: argparse.Namespace
) -> None:
    from app.demo.stagehand import Stagehand  # noqa: PLC0415 - the sandbox, only in a demo
    from app.demo.telephony import Ground  # noqa: PLC0415
    from app.hub import Hub  # noqa: PLC0415
    from sandbox.guard import refuse_real_tokens  # noqa: PLC0415
    from sandbox.tokens import MANAGERS_BOT_TOKEN  # noqa: PLC0415

    refuse_real_tokens(os.environ)
    await _empty()
    # Providers of the play call back here.
    settings.http_port = settings.http_port or _free_port(settings.http_host)
    own = f"http://{settings.http_host}:{settings.http_port}"
    settings.public_url = settings.public_url or own
    ground = Ground(own, settings.data_dir / "pbx") if options.telephony else None
    stagehand = Stagehand(options.language, telephones=ground)
    async with stagehand.running() as api_url:
        cast = await stagehand.prepare(api_url)
        settings.telegram_api_url = api_url
        settings.bot_token = SecretStr(MANAGERS_BOT_TOKEN)
        hub = Hub(settings)
        hub.supervisor.start("postgres", found.keep_alive)
        async with hub.running(extend=lambda app: stagehand.mount(app, cast)) as address:
            await stagehand.open_curtain()
            print(f"\n  Pult: the demo is at {address}\n", flush=True)
            print(
                "  Write as a client, accept as a manager, answer. Stop it with Ctrl+C.", flush=True
            )
            if options.telephony:
                print("  Ring the company by the telephone under the client's chat.", flush=True)
            await until_stopped()


async def _real(settings: Settings, found: database.Database) -> None:
    """With a real bot: the same company, and a log-in link for each of its people."""
    from app.demo import people, seed  # noqa: PLC0415
    from app.hub import Hub  # noqa: PLC0415
    from app.links import start_link  # noqa: PLC0415
    from crm_core.kernel.actors import SYSTEM  # noqa: PLC0415
    from crm_core.staff.commands import invite  # noqa: PLC0415

    await _empty()
    managers = await seed.company(sandboxed=False)
    widget = await seed.channel("webchat", "Сайт «Ромашки»", title=people.SHOP, colour="#c2416b")
    await seed.scene(widget, managers)
    hub = Hub(settings)
    hub.supervisor.start("postgres", found.keep_alive)
    async with hub.running() as address:
        print("\n  The demo company works with your bot. Become one of its people:", flush=True)
        for manager in managers:
            token = await invite(SYSTEM, employee_id=manager.id)
            print(f"  {manager.name}: {await start_link(settings, token)}", flush=True)
        print(
            f'\n  Widget: <script src="{address}/widget.js" data-channel="{widget}" async></script>'
        )
        await until_stopped()

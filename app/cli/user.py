"""`pult user`: employees, their log-in links and API tokens."""

from __future__ import annotations

import argparse
import dataclasses

from app.cli.shared import add_json, opened, show
from app.links import start_link
from app.settings import Settings
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.staff import commands, queries


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add an employee and print their log-in link")
    add.add_argument("--name", required=True)
    add.add_argument("--role", choices=[str(role) for role in Role], default="manager")
    add.add_argument("--telegram-id", type=int)
    add.add_argument("--email")
    add.add_argument("--extension", help="number of their phone in the PBX")
    add.add_argument("--language", choices=("ru", "en"), default="ru")
    add.add_argument("--capacity", type=int, default=10, help="dialogs at the same time")
    add_json(actions.add_parser("list", help="who works here"))
    for name, line in (
        ("invite", "a new one-time log-in link"),
        ("remove", "end somebody's access"),
        ("token", "a new API token"),
    ):
        actions.add_parser(name, help=line).add_argument("id", type=int)


async def run(options: argparse.Namespace) -> None:
    async with opened() as settings:
        await _ACTIONS[options.action](options, settings)


async def _add(options: argparse.Namespace, settings: Settings) -> None:
    if not await queries.queues():
        # Without a queue new dialogs would concern nobody.
        name = "Общая очередь" if options.language == "ru" else "Everybody"
        await commands.save_queue(SYSTEM, name=name)
    details = commands.Details(
        language=options.language,
        email=options.email,
        extension=options.extension,
        capacity=options.capacity,
    )
    employee_id = await commands.add(
        SYSTEM,
        name=options.name,
        role=Role(options.role),
        telegram_id=options.telegram_id,
        details=details,
    )
    print(f"Employee {employee_id} was added: {options.name}, {options.role}.")
    if options.telegram_id is None:
        await _print_link(employee_id, settings)


async def _invite(options: argparse.Namespace, settings: Settings) -> None:
    await _print_link(options.id, settings)


async def _print_link(employee_id: int, settings: Settings) -> None:
    token = await commands.invite(SYSTEM, employee_id=employee_id)
    print(f"Log-in link, good for three days and for one use:\n{await start_link(settings, token)}")


async def _list(options: argparse.Namespace, _settings: Settings) -> None:
    rows = [dataclasses.asdict(one) for one in await queries.colleagues()]
    show(rows, json=options.json, empty="Nobody works here yet: pult user add --name …")


async def _remove(options: argparse.Namespace, _settings: Settings) -> None:
    await commands.deactivate(SYSTEM, employee_id=options.id)
    print(f"Employee {options.id} has no access any more; their dialogs went back to the queues.")


async def _token(options: argparse.Namespace, _settings: Settings) -> None:
    token = await commands.make_token(SYSTEM, employee_id=options.id)
    print(f"API token (shown this once):\n{token}")


_ACTIONS = {
    "add": _add,
    "invite": _invite,
    "list": _list,
    "remove": _remove,
    "token": _token,
}

"""`pult channel`: accounts of client channels."""

from __future__ import annotations

import argparse

from app.cli.shared import add_json, opened, show
from app.lean import import_aiogram
from app.settings import Settings
from channels import registry
from crm_core.accounts import commands, queries
from crm_core.accounts.health import health
from crm_core.accounts.validating import secret_fields, validated
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.errors import Invalid, NotFound
from routing.runner import build

SHOWN = ("id", "kind", "name", "state", "last_in_at", "last_out_at", "waiting", "advice")


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="connect an account")
    add.add_argument("kind", help=f"one of: {', '.join(registry.names())}")
    add.add_argument("--name", required=True)
    add.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="values")
    add.add_argument("--queue", type=int, help="queue its dialogs go to (default: the first)")
    add_json(actions.add_parser("list", help="what is connected"))
    for name, line in (
        ("check", "ask the provider whether it works"),
        ("on", "switch on"),
        ("off", "switch off"),
        ("remove", "disconnect for good and wipe its credentials"),
    ):
        actions.add_parser(name, help=line).add_argument("id", type=int)


async def run(options: argparse.Namespace) -> int | None:
    import_aiogram()
    async with opened() as settings:
        return await _ACTIONS[options.action](options, settings)


async def _add(options: argparse.Namespace, settings: Settings) -> int | None:
    kind = registry.kind(options.kind)
    config = validated(kind.Config, pairs(options.values))
    channel_id = await commands.add(
        SYSTEM,
        kind=options.kind,
        name=options.name,
        settings=commands.Settings(config=config, secret_fields=secret_fields(kind.Config)),
        queue_id=options.queue,
    )
    print(f"Channel {channel_id} was connected: {options.name} ({kind.TITLE}).")
    row = await queries.account(channel_id)
    if row is not None and settings.public_url:
        base = settings.public_url.rstrip("/")
        print(f"Address for the provider's webhook: {base}/hooks/{row.id}/{row.hook_secret}")
    return await _check_one(channel_id, settings)


def pairs(values: list[str]) -> dict[str, str]:
    """KEY=VALUE arguments as a dict."""
    found = {}
    for value in values:
        key, equals, rest = value.partition("=")
        if not equals:
            raise Invalid("--set takes KEY=VALUE, not %(value)s.", value=value)
        found[key] = rest
    return found


async def _list(options: argparse.Namespace, _settings: Settings) -> None:
    rows = [one.facts() for one in await health()]
    if not options.json:
        rows = [{name: row[name] for name in SHOWN} for row in rows]
    show(rows, json=options.json, empty="Nothing is connected yet: pult channel add KIND --name …")


async def _check(options: argparse.Namespace, settings: Settings) -> int:
    return await _check_one(options.id, settings)


async def _check_one(channel_id: int, settings: Settings) -> int:
    row = await queries.account(channel_id)
    if row is None:
        raise NotFound("There is no channel %(id)s: see `pult channel list`.", id=channel_id)
    channel = build(registry.kind, row, settings.public_url)
    try:
        report = await channel.check()
    finally:
        await channel.close()
    print(report.line)
    return 0 if report.ok else 1


async def _switch(options: argparse.Namespace, _settings: Settings) -> None:
    active = options.action == "on"
    await commands.switch(SYSTEM, channel_id=options.id, active=active)
    print(f"Channel {options.id} is {'on' if active else 'off'}.")


async def _remove(options: argparse.Namespace, _settings: Settings) -> None:
    await commands.remove(SYSTEM, channel_id=options.id)
    print(f"Channel {options.id} was removed; its dialogs stay readable.")


_ACTIONS = {
    "add": _add,
    "list": _list,
    "check": _check,
    "on": _switch,
    "off": _switch,
    "remove": _remove,
}

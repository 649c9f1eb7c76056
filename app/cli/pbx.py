"""`pult pbx`: connections to telephone systems."""

from __future__ import annotations

import argparse

from app.cli.channel import pairs
from app.cli.shared import add_json, opened, show
from app.settings import Settings
from crm_core.accounts.commands import Settings as Stored
from crm_core.accounts.validating import secret_fields, validated
from crm_core.calls import connecting, pbxes
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.errors import NotFound, Refused
from crm_core.recordings.commands import keep_for
from crm_core.recordings.queries import retention
from telephony import registry
from telephony.runner import build


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, line in (("add", "connect a PBX"), ("set", "change settings of a connection")):
        one = actions.add_parser(name, help=line)
        if name == "add":
            one.add_argument("kind", help=f"one of: {', '.join(sorted(registry.KINDS))}")
            one.add_argument("--name", required=True)
        else:
            one.add_argument("id", type=int)
        one.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="values")
    add_json(actions.add_parser("list", help="what is connected"))
    for name, line in (
        ("check", "ask the PBX whether it works with these settings"),
        ("setup", "what to paste into the PBX"),
        ("on", "switch on"),
        ("off", "switch off"),
        ("remove", "disconnect for good and wipe its credentials"),
    ):
        actions.add_parser(name, help=line).add_argument("id", type=int)
    kept = actions.add_parser("recordings", help="how long recordings of calls stay")
    kept.add_argument("--days", type=int, help="so many days; 0: for ever")
    kept.add_argument("--queue", default="", help="only calls of this queue of the PBX")


async def run(options: argparse.Namespace) -> int | None:
    async with opened() as settings:
        return await _ACTIONS[options.action](options, settings)


async def _add(options: argparse.Namespace, settings: Settings) -> int:
    kind = registry.kind(options.kind)
    config = validated(kind.Config, pairs(options.values))
    stored = Stored(config=config, secret_fields=secret_fields(kind.Config))
    pbx_id = await connecting.add(SYSTEM, kind=options.kind, name=options.name, settings=stored)
    print(f"PBX {pbx_id} was connected: {options.name} ({kind.TITLE}).")
    print(f"What to paste into it: pult pbx setup {pbx_id}")
    return await _check_one(pbx_id, settings)


async def _set(options: argparse.Namespace, settings: Settings) -> int:
    row = await _row(options.id)
    kind = registry.kind(row.kind)
    config = validated(kind.Config, {**row.config, **pairs(options.values)})
    stored = Stored(config=config, secret_fields=secret_fields(kind.Config))
    await connecting.configure(SYSTEM, pbx_id=row.id, settings=stored)
    return await _check_one(row.id, settings)


async def _list(options: argparse.Namespace, _settings: Settings) -> None:
    rows = [
        {
            "id": one.id,
            "kind": one.kind,
            "name": one.name,
            "active": one.active,
            "broken": one.broken,
        }
        for one in await pbxes.pbxes()
    ]
    show(rows, json=options.json, empty="Nothing is connected yet: pult pbx add KIND --name …")


async def _check(options: argparse.Namespace, settings: Settings) -> int:
    return await _check_one(options.id, settings)


async def _check_one(pbx_id: int, settings: Settings) -> int:
    pbx = build(await _row(pbx_id), settings.public_url)
    try:
        report = await pbx.check()
    finally:
        await pbx.close()
    print(report.line)
    return 0 if report.ok else 1


async def _setup(options: argparse.Namespace, settings: Settings) -> None:
    print(build(await _row(options.id), settings.public_url).setup())


async def _row(pbx_id: int) -> pbxes.PbxRow:
    row = await pbxes.pbx(pbx_id)
    if row is None:
        raise NotFound("There is no PBX %(id)s: see `pult pbx list`.", id=pbx_id)
    return row


async def _switch(options: argparse.Namespace, _settings: Settings) -> None:
    active = options.action == "on"
    await connecting.switch(SYSTEM, pbx_id=options.id, active=active)
    print(f"PBX {options.id} is {'on' if active else 'off'}.")


async def _remove(options: argparse.Namespace, _settings: Settings) -> None:
    await connecting.remove(SYSTEM, pbx_id=options.id)
    print(f"PBX {options.id} was removed; its calls stay readable.")


async def _recordings(options: argparse.Namespace, _settings: Settings) -> None:
    """Set the rule when asked to, then tell which one is in force."""
    if options.days is not None and options.days < 0:
        raise Refused("Days are counted from 1 on; 0 keeps recordings for ever.")
    if options.days is not None:
        await keep_for(SYSTEM, days=options.days, queue=options.queue)
    rule = await retention()
    print(f"Recordings stay {_days(rule.days)}.")
    for queue, days in sorted(rule.queues.items()):
        print(f"Those of the queue {queue}: {_days(days)}.")
    print("What is over leaves within the hour, with a note in the call's card.")


def _days(days: int) -> str:
    return f"{days} days" if days else "for ever"


_ACTIONS = {
    "add": _add,
    "set": _set,
    "list": _list,
    "check": _check,
    "setup": _setup,
    "on": _switch,
    "off": _switch,
    "remove": _remove,
    "recordings": _recordings,
}

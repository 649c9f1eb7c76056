"""`pult voicebot`: bots that answer the telephone when people can't."""

from __future__ import annotations

import argparse
import asyncio

from app.cli.channel import pairs
from app.cli.shared import add_json, opened, show
from app.settings import Settings
from assistant.speech.recogniser import Models
from crm_core.accounts.commands import Settings as Sealed
from crm_core.accounts.validating import secret_fields, validated
from crm_core.kernel import secrets
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.errors import NotFound
from crm_core.voicebots import commands, queries
from crm_core.voicebots.queries import VoiceBotRow
from telephony.voicebot import building, speaking
from telephony.voicebot.config import CONFIGS, Common


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add a bot")
    add.add_argument("kind", choices=CONFIGS, help="how calls reach it")
    add.add_argument("--name", required=True)
    add.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="values")
    add_json(actions.add_parser("list", help="the bots there are"))
    for name, line in (
        ("check", "say whether it can speak, hear and be called"),
        ("dialplan", "print what to paste into Asterisk"),
        ("on", "switch on"),
        ("off", "switch off"),
        ("remove", "remove it with its credentials"),
    ):
        actions.add_parser(name, help=line).add_argument("id", type=int)


async def run(options: argparse.Namespace) -> int | None:
    async with opened() as settings:
        return await _ACTIONS[options.action](options, settings)


async def _add(options: argparse.Namespace, settings: Settings) -> int:
    model, raw = CONFIGS[options.kind], dict(pairs(options.values))
    if "key" in model.model_fields:
        raw.setdefault("key", secrets.new_token())
    bot_id = await commands.add(
        SYSTEM,
        kind=options.kind,
        name=options.name,
        settings=Sealed(config=validated(model, raw), secret_fields=secret_fields(model)),
    )
    print(f"Voice bot {bot_id} was added: {options.name}.")
    print(f"Paste into Asterisk what `pult voicebot dialplan {bot_id}` prints.")
    return await _check_one(await _row(bot_id), settings)


async def _row(bot_id: int) -> VoiceBotRow:
    row = await queries.voicebot(bot_id)
    if row is None:
        raise NotFound("There is no voice bot %(id)s: see `pult voicebot list`.", id=bot_id)
    return row


def _config(row: VoiceBotRow) -> Common:
    return CONFIGS[row.kind].model_validate(row.config)


async def _list(options: argparse.Namespace, _settings: Settings) -> None:
    rows = [
        {
            "id": row.id,
            "kind": row.kind,
            "name": row.name,
            "active": row.active,
            "broken": row.broken,
        }
        for row in await queries.voicebots()
    ]
    show(rows, json=options.json, empty="There are none yet: pult voicebot add KIND --name …")


async def _check(options: argparse.Namespace, settings: Settings) -> int:
    return await _check_one(await _row(options.id), settings)


async def _check_one(row: VoiceBotRow, settings: Settings) -> int:
    """Refused tells what this machine lacks."""
    config = _config(row)
    speaking.check()
    building.transport(config)
    models = Models(settings.vosk_models)
    if config.language in models.languages:
        await asyncio.to_thread(models.load, config.language)
        print(f"It speaks and understands speech ({config.language}).")
    else:
        name = f"PULT_VOSK_MODEL_{config.language.upper()}"
        print(f"It speaks, and understands only keys: {name} is not set.")
    if row.broken:
        print(f"It does not work: {row.broken}")
        return 1
    return 0


async def _dialplan(options: argparse.Namespace, _settings: Settings) -> None:
    row = await _row(options.id)
    print(building.dialplan(row.id, row.name, _config(row)), end="")


async def _switch(options: argparse.Namespace, _settings: Settings) -> None:
    active = options.action == "on"
    await commands.switch(SYSTEM, bot_id=options.id, active=active)
    print(f"Voice bot {options.id} is {'on' if active else 'off'}.")


async def _remove(options: argparse.Namespace, _settings: Settings) -> None:
    await commands.remove(SYSTEM, bot_id=options.id)
    print(f"Voice bot {options.id} was removed; the requests it took stay.")


_ACTIONS = {
    "add": _add,
    "list": _list,
    "check": _check,
    "dialplan": _dialplan,
    "on": _switch,
    "off": _switch,
    "remove": _remove,
}

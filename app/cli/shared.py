"""What several commands need: settings, tables, JSON."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
from pydantic import ValidationError

from app import database, logging, settings
from app.settings import Settings
from channels.telegram import config as telegram
from crm_core.accounts.validating import fault_of
from crm_core.kernel.errors import Refused


def prepared(*, level: str | None = None) -> Settings:
    """Settings loaded and logging set up."""
    found = settings.load()
    _check_bot(found)
    logging.configure(level or found.log_level, found.log_format)
    return found


def _check_bot(found: Settings) -> None:
    """Refuse a token that is none, and an address of a Bot API server that can't be one."""
    if found.bot_token is None:
        return
    names = {"token": "PULT_BOT_TOKEN", "api_url": "PULT_TELEGRAM_API_URL"}
    try:
        telegram.Config(token=found.bot_token, api_url=found.telegram_api_url)
    except ValidationError as error:
        field, line = fault_of(error)
        raise Refused("%(name)s: %(fault)s.", name=names[field], fault=line) from None


@asynccontextmanager
async def opened(*, migrated: bool = True) -> AsyncIterator[Settings]:
    """The kernel open for one command, quietly."""
    found = prepared(level="error")
    async with database.opened(found, migrated=migrated):
        yield found


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def show(rows: Sequence[Mapping[str, Any]], *, json: bool, empty: str) -> None:
    """A list for people, or for programs."""
    if json:
        print(orjson.dumps([dict(row) for row in rows], option=orjson.OPT_INDENT_2).decode())
        return
    if not rows:
        print(empty)
        return
    table = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        print(
            "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
        )


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)

"""`pult doctor`: looks at this installation and says what is wrong and what to do."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg

from app import database
from app.cli.shared import prepared
from app.lean import import_aiogram
from app.links import bot_name
from app.settings import Settings
from channels import registry
from crm_core.accounts.queries import AccountRow, accounts
from crm_core.kernel import db, schema
from crm_core.kernel.errors import CrmError
from routing.runner import build

GIGABYTE = 2**30


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    ok: bool
    line: str


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


async def run(options: argparse.Namespace) -> int:
    from app.cli.shared import show  # noqa: PLC0415

    import_aiogram()
    findings = [finding async for finding in examine(prepared(level="error"))]
    if options.json:
        show([{"ok": one.ok, "line": one.line} for one in findings], json=True, empty="")
    else:
        for one in findings:
            print(f"{'✓' if one.ok else '✗'} {one.line}")
    return 0 if all(one.ok for one in findings) else 1


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Everything worth a look, the foundations first."""
    yield _folder(settings)
    try:
        async with database.opened(settings, migrated=False):
            yield await _bot(settings)
            async for finding in _database():
                yield finding
            if await schema.missing():
                return
            for row in await accounts():
                yield await _channel(row, settings)
    except CrmError as error:
        yield Finding(False, str(error))


def _folder(settings: Settings) -> Finding:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free / GIGABYTE
    line = f"Data folder {settings.data_dir}, {free:.1f} GB free"
    return Finding(free > 1, line if free > 1 else f"{line}: make room, at least 1 GB")


async def _database() -> AsyncIterator[Finding]:
    version = await db.fetchval("SHOW server_version")
    yield Finding(True, f"PostgreSQL {version}")
    missing = await schema.missing()
    if missing:
        yield Finding(False, f"{len(missing)} migrations are missing: run `pult migrate`")
        return
    yield Finding(True, "The schema is up to date")
    for what, sql, remedy in FAILURES:
        try:
            count = await db.fetchval(sql)
        except asyncpg.PostgresError as error:
            yield Finding(False, f"{what}: {error}")
            continue
        yield Finding(not count, f"{what}: {count}" + (f" ({remedy})" if count else ""))


FAILURES = (
    (
        "Inbound events kept as failed",
        "SELECT count(*) FROM raw_event WHERE state = 'failed'",
        "see `pult replay inbound --list`",
    ),
    (
        "Deliveries to handlers given up",
        "SELECT count(*) FROM event_failure WHERE dead",
        "see `pult replay events --list`",
    ),
    (
        "Messages not delivered in the last day",
        "SELECT count(*) FROM outbox WHERE state IN ('failed', 'unknown')"
        " AND created_at > now() - interval '1 day'",
        "their managers have a button to send them again",
    ),
)


async def _bot(settings: Settings) -> Finding:
    if settings.bot_token is None:
        return Finding(True, "The managers' bot is off: PULT_BOT_TOKEN is not set")
    name, fault = await bot_name(settings)
    if name is None:
        return Finding(False, f"The managers' bot does not work: {fault}")
    return Finding(True, f"The managers' bot is @{name}")


async def _channel(row: AccountRow, settings: Settings) -> Finding:
    if not row.active:
        return Finding(True, f"Channel {row.id} “{row.name}” is off")
    try:
        channel = build(registry.kind, row, settings.public_url)
    except (ValueError, CrmError) as error:
        return Finding(
            False, f"Channel {row.id} “{row.name}”: its settings can't be used ({error})"
        )
    try:
        report = await channel.check()
    finally:
        await channel.close()
    return Finding(report.ok, f"Channel {row.id} “{row.name}”: {report.line}")

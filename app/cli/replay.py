"""`pult replay`: what failed gets another try."""

from __future__ import annotations

import argparse

from app.cli.shared import opened
from channels import registry
from crm_core.accounts import queries
from crm_core.kernel import db, pump
from routing.inbound.pipe import replay


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("inbound", "events"), help="inbound events or handlers")
    parser.add_argument("--list", action="store_true", help="only show what failed")


async def run(options: argparse.Namespace) -> int | None:
    async with opened():
        if options.list:
            return await (_list_inbound() if options.what == "inbound" else _list_events())
        return await (_inbound() if options.what == "inbound" else _events())


async def _inbound() -> int:
    left = 0
    for account in await queries.accounts():
        taken, failing = await replay(account.id, registry.kind(account.kind).parse)
        left += failing
        if taken or failing:
            print(f"{account.name}: {taken} taken, {failing} still fail.")
    print("Nothing fails." if not left else f"{left} still fail: see `pult replay inbound --list`.")
    return 1 if left else 0


async def _events() -> int:
    print(f"{await pump.revive()} deliveries will be tried again by the running hub.")
    return 0


async def _list_inbound() -> int:
    rows = await db.fetch(
        "SELECT id, channel_id, key, received_at, error FROM raw_event WHERE state = 'failed'"
        " ORDER BY id LIMIT 200"
    )
    for row in rows:
        print(f"{row['id']}  channel {row['channel_id']}  {row['key']}  {row['error']}")
    return 0


async def _list_events() -> int:
    rows = await db.fetch(
        "SELECT event_id, handler, error FROM event_failure ORDER BY id LIMIT 200"
    )
    for row in rows:
        print(f"{row['event_id']}  {row['handler']}  {row['error']}")
    return 0

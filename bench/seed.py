"""The company's rows: staff, clients' bots, open dialogs that already have their manager."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.updates import FIRST_CLIENT, client_name
from crm_core.accounts import commands as accounts
from crm_core.kernel import db, schema, secrets
from crm_core.kernel.actors import SYSTEM
from crm_core.staff import commands as staff

FIRST_MANAGER = 510_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Bots of 30 requests a second each; every manager has `dialogs` open dialogs."""

    managers: int = 120
    bots: int = 5
    dialogs: int = 4


@dataclass(frozen=True, slots=True)
class Company:
    """Telegram ids of managers; (id, webhook secret) of channels; (door, chat) of dialogs."""

    managers: list[int]
    channels: list[tuple[int, str]]
    seats: list[tuple[int, int]]


def token(number: int) -> str:
    return f"{7_100_000_000 + number}:SANDBOX-bench-bot-not-a-secret-at-all"


@asynccontextmanager
async def kernel(dsn: str) -> AsyncIterator[None]:
    """The kernel open on a database in this process."""
    await db.open_db(dsn, pool=4)
    try:
        yield
    finally:
        await db.close_db()


async def migrate(dsn: str) -> None:
    async with kernel(dsn):
        await schema.migrate()


async def company(dsn: str, api_url: str, key: str, size: Size) -> Company:
    """Make it; dialogs go round the managers, then round the bots."""
    secrets.use_key(key)
    async with kernel(dsn):
        async with db.transaction():
            queue = await staff.save_queue(SYSTEM, name="Продажи", strategy="least_loaded")
            # An offer must not lapse and go round while other things are measured.
            await db.execute("UPDATE queue SET overflow_seconds = 86400 WHERE id = $1", queue)
            managers = [await _manager(number) for number in range(size.managers)]
            channels = [await _channel(number, api_url) for number in range(size.bots)]
        rows = await db.fetch("SELECT id, hook_secret FROM channel ORDER BY id")
        secret = {row["id"]: str(row["hook_secret"]) for row in rows}
        seats = await _dialogs(size, managers, channels)
    telegram_ids = [FIRST_MANAGER + number for number in range(size.managers)]
    return Company(telegram_ids, [(one, secret[one]) for one in channels], seats)


async def _manager(number: int) -> int:
    employee_id = await staff.add(
        SYSTEM,
        name=f"Менеджер {number}",
        telegram_id=FIRST_MANAGER + number,
        details=staff.Details(capacity=1000),
    )
    await staff.change_presence(employee_id, "on")
    return employee_id


async def _channel(number: int, api_url: str) -> int:
    config = {"token": token(number), "api_url": api_url, "mode": "webhook"}
    settings = accounts.Settings(config=config, secret_fields=["token"])
    return await accounts.add(SYSTEM, kind="telegram", name=f"Бот {number}", settings=settings)


DIALOGS = """
WITH seat AS (
  SELECT c, h, n, m, nextval('client_id_seq') AS client, nextval('identity_id_seq') AS identity
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) AS u(c, h, n, m)),
clients AS (
  INSERT INTO client (id, name, folded) SELECT client, n, lower(n) FROM seat RETURNING id),
identities AS (
  INSERT INTO identity (id, channel_id, external_id, client_id, name, language)
  SELECT identity, c, h, client, n, 'ru' FROM seat RETURNING id)
INSERT INTO dialog (channel_id, chat, identity_id, client_id, state, assignee_id, opened_at,
  accepted_at, last_at)
SELECT c, h, identity, client, 'open', m, now(), now(), now() FROM seat
"""
# What a manager writes without a reply goes to their first dialog, as after *Write*.
CURRENT = """
INSERT INTO view_memory (view, key, data)
SELECT 'current', e.telegram_id, jsonb_build_object('dialog', min(d.id))
FROM dialog d JOIN employee e ON e.id = d.assignee_id
WHERE d.state = 'open' GROUP BY e.telegram_id
"""
LOADS = """
UPDATE employee e SET load = (SELECT count(*) FROM dialog d
  WHERE d.assignee_id = e.id AND d.state = 'open')
"""


async def _dialogs(size: Size, managers: list[int], channels: list[int]) -> list[tuple[int, int]]:
    seats = [
        (number % size.bots, FIRST_CLIENT + number)
        for number in range(size.managers * size.dialogs)
    ]
    await db.execute(
        DIALOGS,
        [channels[door] for door, _ in seats],
        [str(chat) for _, chat in seats],
        [client_name(chat) for _, chat in seats],
        [managers[number % size.managers] for number in range(len(seats))],
    )
    await db.execute(CURRENT)
    await db.execute(LOADS)
    return seats

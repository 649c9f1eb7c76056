"""Shared fixtures: a private PostgreSQL, migrated databases by template, an open kernel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import hypothesis
import pytest_asyncio

from app import logging as app_logging
from app.lean import import_aiogram
from channels.registry import capabilities as channel_capabilities
from crm_core.dialogs import capabilities
from crm_core.files import store
from crm_core.kernel import db, schema, secrets
from tests.pg import PgServer, pg_server

__all__ = ["pg_server"]

# No property has a clock: a busy machine is not a wrong answer.
hypothesis.settings.register_profile(
    "pult", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("pult")
app_logging.configure("warning")
import_aiogram()

KEEP = "tortoise_migrations"
ALL_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> $1"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def template(pg_server: PgServer) -> str:
    """A database with all migrations applied, to be copied."""
    dsn = await pg_server.create_database()
    await db.open_db(dsn, pool=2)
    await schema.migrate()
    await db.close_db()
    return dsn


@pytest_asyncio.fixture(loop_scope="session")
async def db_url(pg_server: PgServer, template: str) -> AsyncIterator[str]:
    """A migrated database of one test's own, for tests that start processes."""
    dsn = await pg_server.create_database(template=template)
    yield dsn
    await pg_server.drop_database(dsn)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def module_db(pg_server: PgServer, template: str) -> AsyncIterator[str]:
    """A migrated database of one test module, open in this process."""
    dsn = await pg_server.create_database(template=template)
    await db.open_db(dsn)
    secrets.use_key("a key for tests only")
    capabilities.use(channel_capabilities)
    yield dsn
    await db.close_db()
    await pg_server.drop_database(dsn)


@pytest_asyncio.fixture(loop_scope="session")
async def opened(module_db: str, tmp_path: Path) -> str:
    """The kernel open on an empty database (tables truncated, ids from 1), files in tmp_path."""
    tables = [row["tablename"] for row in await db.fetch(ALL_TABLES, KEEP)]
    names = ", ".join(f'"{name}"' for name in tables)
    try:
        await db.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    except db.Away as error:
        message = f"the tables are held by somebody: {await _sessions()}"
        raise AssertionError(message) from error
    store.use_store(tmp_path / "files")
    return module_db


SESSIONS = """
SELECT pid, state, wait_event, now() - xact_start AS age, pg_blocking_pids(pid) AS by,
  left(query, 200) AS query
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def _sessions() -> list[dict[str, object]]:
    """What every session of this database is at, for whoever looks for the one that hangs."""
    connection = await db.connect()
    try:
        return [dict(row) for row in await connection.fetch(SESSIONS)]
    finally:
        await connection.close()

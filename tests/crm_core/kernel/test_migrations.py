"""Migrations: up, down and up again, and what an unfit database hears."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from crm_core.kernel import db, schema
from crm_core.kernel.errors import Refused
from tests.pg import PgServer

INDEXES = """
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1
"""
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length
FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
"""


@pytest_asyncio.fixture(loop_scope="session")
async def empty(pg_server: PgServer) -> AsyncIterator[str]:
    """An empty database, open."""
    dsn = await pg_server.create_database()
    await db.open_db(dsn, pool=3)
    yield dsn
    await db.close_db()
    await pg_server.drop_database(dsn)


async def shape() -> list[list[tuple[object, ...]]]:
    return [[tuple(row.values()) for row in await db.fetch(sql)] for sql in (COLUMNS, INDEXES)]


async def test_up_down_up(empty: str) -> None:
    names = await schema.migrate()
    assert names == sorted(names)
    assert names
    there = await shape()
    assert await schema.migrate() == [], "a second time there is nothing to do"
    for name in reversed(names[:-1]):
        assert len(await schema.migrate(name)) == 1, "one step down"
    assert await schema.missing() == names[1:]
    await schema.migrate()
    assert await shape() == there
    await schema.migrate("__first__")
    tables = await db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert [row["tablename"] for row in tables] == ["tortoise_migrations"]


async def test_what_is_missing_is_refused_with_the_remedy(empty: str) -> None:
    names = await schema.missing()
    assert names
    with pytest.raises(Refused, match=r"pult migrate"):
        await schema.require_current()
    await schema.migrate()
    await schema.require_current()


async def test_a_newer_database_is_refused(empty: str) -> None:
    await schema.migrate()
    await db.execute(
        "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('crm', '9999_new', now())"
    )
    with pytest.raises(Refused, match="9999_new"):
        await schema.require_current()

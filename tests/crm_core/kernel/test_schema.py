"""The schema: there and back, no drift, and everything the models declare is really there."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator, Iterator
from itertools import chain

import pytest
import pytest_asyncio
from tortoise import Tortoise
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from crm_core import migrations
from crm_core.kernel import db, schema
from crm_core.kernel.errors import Refused
from tests.pg import PgServer

INDEXES = """
SELECT c.relname AS name, t.relname AS table, i.indisunique AS unique, i.indisprimary AS primary,
  pg_get_expr(i.indpred, i.indrelid) AS condition,
  (SELECT array_agg(coalesce(a.attname, '<expression>') ORDER BY k.place)
   FROM unnest(i.indkey) WITH ORDINALITY AS k(number, place)
   LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = 'public' AND t.relname <> 'tortoise_migrations'
"""
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length
FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
"""


def by_hand() -> set[str]:
    """Indexes over expressions, which models can't declare: migrations name them in INDEXES."""
    names = [module.name for module in pkgutil.iter_modules(migrations.__path__)]
    modules = [importlib.import_module(f"{migrations.__name__}.{name}") for name in names]
    return {name for module in modules for name in getattr(module, "INDEXES", ())}


@pytest_asyncio.fixture(loop_scope="session")
async def empty(pg_server: PgServer) -> AsyncIterator[str]:
    """An empty database, open."""
    dsn = await pg_server.create_database()
    await db.open_db(dsn, pool=3)
    yield dsn
    await db.close_db()
    await pg_server.drop_database(dsn)


async def shape() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    columns = [tuple(row.values()) for row in await db.fetch(COLUMNS)]
    indexes = [
        (row["name"], row["table"], row["unique"], row["condition"], tuple(row["columns"]))
        for row in await db.fetch(INDEXES)
    ]
    return columns, sorted(indexes, key=str)


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


async def test_no_drift_between_models_and_migrations(empty: str) -> None:
    await schema.migrate()
    assert await schema.autodetector().changes() == []


def models() -> list[type[Model]]:
    return list(Tortoise.apps["crm"].values()) if Tortoise.apps else []


def declared(model: type[Model]) -> Iterator[tuple[str, ...]]:
    """Columns of every index a model declares, by whatever means."""
    meta = model._meta
    for index in meta.indexes:
        assert isinstance(index, Index)
        yield tuple(index.fields)
    for constraint in meta.constraints:
        assert isinstance(constraint, UniqueConstraint)
        yield tuple(constraint.fields)
    for field in meta.fields_map.values():
        if (field.index or field.unique) and not field.pk and field.source_field != "":
            name = field.source_field or field.model_field_name
            if name in meta.db_fields:
                yield (name,)


async def test_declared_indexes_and_constraints_are_really_there(empty: str) -> None:
    await schema.migrate()
    rows = await db.fetch(INDEXES)
    there = {(row["table"], tuple(row["columns"])) for row in rows}
    wanted = {(model._meta.db_table, one) for model in models() for one in declared(model)}
    assert len(wanted) > 30
    assert wanted - there == set()


async def test_unique_keys_are_unique_under_their_condition(empty: str) -> None:
    await schema.migrate()
    found = {row["name"]: row for row in await db.fetch(INDEXES)}
    wanted = [one for model in models() for one in model._meta.constraints]
    assert len(wanted) > 8
    for constraint in wanted:
        assert isinstance(constraint, UniqueConstraint)
        row = found.get(constraint.name or "")
        assert row is not None, f"{constraint.name} is declared and was never made"
        assert row["unique"], constraint.name
        assert tuple(row["columns"]) == tuple(constraint.fields)
        assert bool(row["condition"]) == bool(constraint.condition), constraint.name


async def test_partial_indexes_are_partial(empty: str) -> None:
    await schema.migrate()
    found = {row["name"]: row for row in await db.fetch(INDEXES)}
    partial = [
        index
        for model in models()
        for index in model._meta.indexes
        if isinstance(index, PartialIndex) and index.extra
    ]
    assert len(partial) > 5
    assert [index.name for index in partial if not found[index.name]["condition"]] == []


async def test_nothing_is_there_that_nobody_declared(empty: str) -> None:
    await schema.migrate()
    named = {
        name
        for model in models()
        for one in chain(model._meta.indexes, model._meta.constraints)
        if isinstance(one, Index | UniqueConstraint) and (name := one.name)
    }
    single = {(model._meta.db_table, one) for model in models() for one in declared(model)}
    strange = [
        row["name"]
        for row in await db.fetch(INDEXES)
        if not row["primary"]
        and row["name"] not in named | by_hand()
        and (row["table"], tuple(row["columns"])) not in single
    ]
    assert strange == []


async def test_foreign_keys_have_an_index(empty: str) -> None:
    """Deleting a row must not walk through the tables that point at it."""
    await schema.migrate()
    keys = await db.fetch(
        "SELECT conrelid::regclass::text AS table, a.attname AS column FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
        " WHERE contype = 'f'"
    )
    firsts = {(row["table"], row["columns"][0]) for row in await db.fetch(INDEXES)}
    assert keys
    assert [row for row in keys if (row["table"], row["column"]) not in firsts] == []

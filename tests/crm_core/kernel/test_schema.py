"""The schema: no drift, and everything the models declare is really there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from tortoise import Tortoise
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from crm_core import migrations
from crm_core.kernel import db, schema

pytestmark = pytest.mark.usefixtures("module_db")

STEPS = Path(migrations.__path__[0]).glob("[0-9]*.py")
MIGRATIONS = " ".join(path.read_text("utf-8") for path in STEPS)
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


async def test_no_drift_between_models_and_migrations() -> None:
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


async def test_declared_indexes_and_constraints_are_really_there() -> None:
    rows = await db.fetch(INDEXES)
    there = {(row["table"], tuple(row["columns"])) for row in rows}
    wanted = {(model._meta.db_table, one) for model in models() for one in declared(model)}
    assert len(wanted) > 30
    assert wanted - there == set()


async def test_unique_keys_are_unique_under_their_condition() -> None:
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


async def test_partial_indexes_are_partial() -> None:
    found = {row["name"]: row for row in await db.fetch(INDEXES)}
    partial = [
        index
        for model in models()
        for index in model._meta.indexes
        if isinstance(index, PartialIndex) and index.extra
    ]
    assert len(partial) > 5
    assert [index.name for index in partial if not found[index.name]["condition"]] == []


async def test_nothing_is_there_that_nobody_declared() -> None:
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
        and row["name"] not in named
        and row["name"] not in MIGRATIONS
        and (row["table"], tuple(row["columns"])) not in single
    ]
    assert strange == []


async def test_foreign_keys_have_an_index() -> None:
    """Deleting a row must not walk through the tables that point at it."""
    keys = await db.fetch(
        "SELECT conrelid::regclass::text AS table, a.attname AS column FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
        " WHERE contype = 'f'"
    )
    firsts = {(row["table"], row["columns"][0]) for row in await db.fetch(INDEXES)}
    assert keys
    assert [row for row in keys if (row["table"], row["column"]) not in firsts] == []

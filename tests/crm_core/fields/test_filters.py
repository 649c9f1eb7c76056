"""Conditions over fields find what they say, and nothing people write becomes SQL."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm_core.clients.cardfields import set_field
from crm_core.clients.listing import Wanted, listed
from crm_core.fields import commands as fields
from crm_core.fields.filters import Condition, Filter, Op, Query
from crm_core.fields.kinds import Field, FieldKind
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.errors import Invalid
from tests.crm_core.clients import people

EVIL = (
    "'",
    "' OR 1=1 --",
    "'; DROP TABLE client; --",
    "$1",
    "%",
    "\\",
    "\"}'::jsonb) OR true --",
    "{}",
    "\0x",
)


async def _company() -> None:
    for title, kind in (
        ("Город", FieldKind.TEXT),
        ("Точек", FieldKind.NUMBER),
        ("Оборот", FieldKind.MONEY),
        ("Основан", FieldKind.DATE),
        ("Опт", FieldKind.YES_NO),
    ):
        await fields.add(SYSTEM, title=title, kind=kind)
    await fields.add(SYSTEM, title="Сегмент", kind=FieldKind.CHOICE, options=["A", "B", "C"])
    await fields.add(SYSTEM, title="Товары", kind=FieldKind.CHOICES, options=["Розы", "Пионы"])
    rows = (
        ("Альфа", "Тула", 9, "1 000", "05.03.2001", "да", "A", "Розы"),
        ("Бета", "100%_тула", 10, "999,50", "01.01.2020", "нет", "B", "Розы, Пионы"),
        ("Гамма", "O'Brien", -3, "20 000", "31.12.2019", "", "C", ""),
    )
    keys = ("gorod", "tochek", "oborot", "osnovan", "opt", "segment", "tovary")
    for name, *values in rows:
        client_id = await people.client(name)
        for key, value in zip(keys, values, strict=True):
            await set_field(SYSTEM, client_id=client_id, field=key, value=value)
    await people.client("Пустышка")


async def _found(field: str, op: Op, value: Any = None) -> str:
    wanted = Wanted(fields=(Condition(field, op, value),))
    rows, total = await listed(SYSTEM, wanted, limit=50)
    assert total == len(rows)
    return " ".join(sorted(one.name for one in rows))


async def test_every_condition_finds_what_it_says(opened: str) -> None:
    await _company()
    assert await _found("gorod", "equals", "Тула") == "Альфа"
    assert await _found("gorod", "contains", "тула") == "Альфа Бета"
    assert await _found("gorod", "contains", "%_") == "Бета"
    assert await _found("gorod", "equals", "O'Brien") == "Гамма"
    assert await _found("tochek", "between", [9, 10]) == "Альфа Бета", "numbers, not letters"
    assert await _found("tochek", "between", [None, "0"]) == "Гамма"
    assert await _found("oborot", "between", ["1 000 ₽", None]) == "Альфа Гамма"
    assert await _found("osnovan", "between", ["31.12.2019", "1 января 2020"]) == "Бета Гамма"
    assert await _found("opt", "equals", "нет") == "Бета"
    assert await _found("opt", "empty") == "Гамма Пустышка"
    assert await _found("opt", "filled") == "Альфа Бета"
    assert await _found("segment", "in", ["A", "c"]) == "Альфа Гамма"
    assert await _found("tovary", "contains", "Розы") == "Альфа Бета"
    assert await _found("tovary", "contains", ["Розы", "Пионы"]) == "Бета"


async def test_conditions_that_make_no_sense_are_refused(opened: str) -> None:
    await _company()
    cases: tuple[tuple[str, Op, Any], ...] = (
        ("nothing", "equals", 1),
        ("tochek", "contains", "1"),
        ("gorod", "between", ["а", "б"]),
        ("tochek", "between", [1]),
        ("tochek", "between", [None, None]),
        ("tochek", "equals", "девять"),
        ("segment", "equals", ""),
    )
    for field, op, value in cases:
        with pytest.raises(Invalid):
            await _found(field, op, value)


@pytest.mark.parametrize("evil", EVIL)
async def test_evil_words_find_nothing_and_break_nothing(opened: str, evil: str) -> None:
    await _company()
    assert await _found("gorod", "equals", evil) == ""
    assert await _found("gorod", "in", [evil]) == ""
    await _found("gorod", "contains", evil)
    with pytest.raises(Invalid):
        await _found(evil, "equals", "x")
    with pytest.raises(Invalid):
        await _found("tochek", "between", [evil, 1])
    with pytest.raises(Invalid):
        await _found("segment", "equals", evil)
    assert await db.fetchval("SELECT count(*) FROM client") == 4


@pytest.mark.parametrize("evil", EVIL)
def test_no_value_stands_in_the_text(evil: str) -> None:
    field = Field(id=1, owner="client", key=evil, title=evil, kind=FieldKind.TEXT)
    filter_ = Filter({evil: field}, "c.fields", date(2026, 1, 1))
    seen = set()
    for op in ("equals", "contains", "empty"):
        query = Query()
        text = filter_.where([Condition(evil, op, "мир" + evil)], query)
        assert query.values
        seen.add(text)
    plain = Filter(
        {"a": Field(id=1, owner="client", key="a", title="", kind=FieldKind.TEXT)},
        "c.fields",
        date(2026, 1, 1),
    )
    expected = {
        plain.where([Condition("a", op, "b")], Query()) for op in ("equals", "contains", "empty")
    }
    assert seen == expected
    with pytest.raises(ValueError, match="is no column"):
        Filter({}, f"c.fields{evil}", date(2026, 1, 1)).where([], Query())


async def test_the_index_is_used(opened: str) -> None:
    """Among many clients with fields, few are looked at."""
    await _company()
    await db.execute(
        "INSERT INTO client (name, fields) SELECT 'к' || n, jsonb_build_object('gorod', 'г' || n)"
        " FROM generate_series(1, 20000) n"
    )
    await db.execute("ANALYZE client")
    query = Query()
    known = {"gorod": Field(id=1, owner="client", key="gorod", title="", kind=FieldKind.TEXT)}
    where = Filter(known, "client.fields", date(2026, 1, 1)).where(
        [Condition("gorod", "in", ["г7", "г8"])], query
    )
    async with db.searching():
        plan = await db.fetch(f"EXPLAIN SELECT id FROM client WHERE {where}", *query.values)
    assert any("client_fields" in row["QUERY PLAN"] for row in plan), plan

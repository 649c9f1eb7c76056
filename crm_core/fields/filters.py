"""Conditions over fields as one piece of SQL: for lists, segments and reports. Pure.

Nothing that people gave ever stands in the text: keys and values are parameters, and what the
text does hold comes from the field's kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import orjson

from crm_core.fields.kinds import Field, FieldKind
from crm_core.fields.values import is_empty, parse
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

Op = Literal["equals", "contains", "in", "between", "empty", "filled"]
NO_FIELD = N_("There is no field %(field)s.")
CANT = N_("The field %(field)s can't be searched like this.")
TWO_ENDS = N_("“Between” needs where it begins and where it ends.")
SEARCHED = frozenset({FieldKind.TEXT, FieldKind.CHOICES})
MEASURED = frozenset({FieldKind.NUMBER, FieldKind.MONEY, FieldKind.DATE})
_COLUMN = re.compile(r"[a-z_]+(?:\.[a-z_]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Condition:
    """`value`: what is looked for; a list for `in`, two ends (each may be None) for `between`."""

    field: str
    op: Op
    value: Any = None


class Query:
    """Collects parameters: `$1`, `$2`, … in the order they are asked for."""

    def __init__(self, *given: Any) -> None:
        self.values: list[Any] = list(given)

    def parameter(self, value: Any) -> str:
        self.values.append(value)
        return f"${len(self.values)}"


@dataclass(frozen=True, slots=True)
class Filter:
    """What conditions are checked against: `column` holds the values, `today` tells `tomorrow`."""

    fields: Mapping[str, Field]
    column: str
    today: date

    def where(self, conditions: Iterable[Condition], query: Query) -> str:
        """All of the conditions hold; `true` when there are none. Invalid."""
        if not _COLUMN.fullmatch(self.column):
            message = f"{self.column!r} is no column"
            raise ValueError(message)
        return " AND ".join(self._one(one, query) for one in conditions) or "true"

    def _one(self, condition: Condition, query: Query) -> str:
        field = self.fields.get(condition.field)
        if field is None:
            raise Invalid(NO_FIELD, field=condition.field[:40])
        if condition.op in {"empty", "filled"}:
            has = f"({self._some} AND {self.column} ? {query.parameter(field.key)}::text)"
            return has if condition.op == "filled" else f"NOT {has}"
        if is_empty(condition.value):
            raise Invalid(CANT, field=field.title)
        if condition.op == "equals":
            return self._equals(field, [condition.value], query)
        if condition.op == "in" and isinstance(condition.value, list | tuple):
            return self._equals(field, list(condition.value), query)
        if condition.op == "contains" and field.kind in SEARCHED:
            return self._contains(field, condition.value, query)
        if condition.op == "between" and field.kind in MEASURED:
            return self._between(field, condition.value, query)
        raise Invalid(CANT, field=field.title)

    @property
    def _some(self) -> str:
        # The index holds no rows without any value; said aloud so that the planner may use it.
        return f"{self.column} <> '{{}}'::jsonb"

    def _equals(self, field: Field, wanted: list[Any], query: Query) -> str:
        documents = [
            orjson.dumps({field.key: parse(field, one, self.today)}).decode() for one in wanted
        ]
        given = f"{query.parameter(documents)}::text[]::jsonb[]"
        return f"({self._some} AND {self.column} @> ANY({given}))"

    def _contains(self, field: Field, wanted: Any, query: Query) -> str:
        if field.kind is FieldKind.CHOICES:
            return self._equals(field, [wanted if isinstance(wanted, list) else [wanted]], query)
        pattern = "%" + re.sub(r"([\\%_])", r"\\\1", str(wanted).replace("\0", "")) + "%"
        key = query.parameter(field.key)
        return f"({self._has(key)} AND {self.column} ->> {key} ILIKE {query.parameter(pattern)})"

    def _has(self, key: str) -> str:
        return f"{self._some} AND {self.column} ? {key}::text"

    def _between(self, field: Field, ends: Any, query: Query) -> str:
        if not isinstance(ends, list | tuple) or len(ends) != 2 or all(map(is_empty, ends)):
            raise Invalid(TWO_ENDS)
        key = query.parameter(field.key)
        parts = [self._has(key)]
        for sign, end in zip((">=", "<="), ends, strict=True):
            if not is_empty(end):
                value = parse(field, end, self.today)
                parts.append(f"{self._measure(field, key)} {sign} {_end(field, value, query)}")
        return f"({' AND '.join(parts)})"

    def _measure(self, field: Field, key: str) -> str:
        if field.kind is FieldKind.MONEY:
            return f"({self.column} -> {key} ->> 'amount')::numeric"
        if field.kind is FieldKind.NUMBER:
            return f"({self.column} ->> {key})::numeric"
        return f'({self.column} ->> {key}) COLLATE "C"'


def _end(field: Field, value: Any, query: Query) -> str:
    if field.kind is FieldKind.MONEY:
        return f"{query.parameter(value['amount'])}::text::numeric"
    kind = "numeric" if field.kind is FieldKind.NUMBER else "text"
    return f"{query.parameter(value)}::text::{kind}"

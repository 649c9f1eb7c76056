"""A report's numbers by one grouped statement, and the items behind them by the same bounds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm_core.kernel import db
from crm_core.reports.definition import Behind, Found, Item, Number, Numbers, Scope


async def nothing() -> tuple[Any, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """SQL of one report, written by us: people's values are parameters.

    In force everywhere: $1 since, $2 until, $3 employees, $4 source, $5 queue, $6 time zone;
    $7 and on are `more`. `by`: dimension -> expression, `values`: column -> aggregate, `item`:
    kind and number of what is counted. The totals are a group of the same statement, so means
    and shares of them are true.
    """

    table: str
    at: str
    employee: str
    by: Mapping[str, str]
    values: Mapping[str, str]
    item: tuple[str, str]
    source: str = ""
    queue: str = ""
    having: str = "true"
    counted: str = "true"
    more: Callable[[], Awaitable[tuple[Any, ...]]] = nothing

    async def numbers(self, scope: Scope) -> Numbers:
        keys = [f"({self.by[name]})::text" for name in scope.cut.by]
        values = [f"{sql} AS {name}" for name, sql in self.values.items()]
        total = f"grouping({', '.join(keys)}) AS whole"
        found = ", ".join([*(f"{key} AS key{at}" for at, key in enumerate(keys)), total, *values])
        sql = (
            f"SELECT {found} FROM {self.table} WHERE {self._where()}"  # noqa: S608 - ours
            f" GROUP BY GROUPING SETS (({', '.join(keys)}), ()) HAVING {self.having}"
        )
        async with db.searching():
            rows = await db.fetch(sql, *await self._arguments(scope))
        lines = [(self._found(row, len(keys)), row["whole"] > 0) for row in rows]
        whole = [one for one, is_whole in lines if is_whole]
        counted = [one for one, is_whole in lines if not is_whole]
        return Numbers(rows=counted, total=whole[0] if counted else None)

    def _found(self, row: db.Row, keys: int) -> Found:
        key = tuple(row[f"key{at}"] for at in range(keys))
        return Found(key=key, values={name: _number(row[name]) for name in self.values})

    def _where(self) -> str:
        bounds = (
            f"{self.at} >= $1 AND {self.at} < $2",
            f"($3::bigint[] IS NULL OR {self.employee} = ANY($3))",
            f"($4::text IS NULL OR {self.source or 'NULL'} = $4)",
            f"($5::bigint IS NULL OR {self.queue or 'NULL'} = $5)",
            "$6::text IS NOT NULL",
        )
        return " AND ".join(bounds)

    async def _arguments(self, scope: Scope) -> list[Any]:
        employees = None if scope.employees is None else list(scope.employees)
        bounds = [scope.since, scope.until, employees, scope.source, scope.queue_id, scope.timezone]
        return [*bounds, *await self.more()]

    async def items(self, scope: Scope, behind: Behind) -> tuple[list[Item], int]:
        """The latest first, each once however often it was counted."""
        arguments = await self._arguments(scope)
        wanted = [self._where(), f"({self.counted})", f"({behind.only or 'true'})"]
        for name, value in zip(scope.cut.by, behind.key or (), strict=False):
            arguments.append(value)
            wanted.append(f"({self.by[name]})::text IS NOT DISTINCT FROM ${len(arguments)}::text")
        kind, number = self.item
        sql = (
            f"SELECT {kind} AS kind, {number} AS id, max({self.at}) AS at,"  # noqa: S608 - ours
            f" count(*) OVER () AS total FROM {self.table} WHERE {' AND '.join(wanted)}"
            f" GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT {behind.limit:d} OFFSET {behind.offset:d}"
        )
        async with db.searching():
            rows = await db.fetch(sql, *arguments)
        return _items(rows), rows[0]["total"] if rows else 0


def _items(rows: Sequence[db.Row]) -> list[Item]:
    return [Item(kind=row["kind"], id=row["id"], at=row["at"]) for row in rows]


def _number(value: Any) -> Number:
    if isinstance(value, Decimal):
        return float(value)
    found: Number = value
    return found

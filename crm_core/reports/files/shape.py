"""A table as heads and cells, the same for every kind of file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from crm_core.kernel.i18n import gettext as _
from crm_core.reports.definition import Kind, Number
from crm_core.reports.running import Line, Table

Cell: TypeAlias = str | Number


def heads(table: Table) -> list[tuple[str, Kind]]:
    """Title and kind of every column: first what the rows are grouped by."""
    grouped: list[tuple[str, Kind]] = [(_(one.title), "text") for one in table.dimensions]
    return [*grouped, *((_(one.title), one.kind) for one in table.report.columns)]


def rows(table: Table) -> Iterator[list[Cell]]:
    """The lines, the totals last."""
    yield from (cells(table, line) for line in table.lines)
    if table.total is not None:
        _first, *rest = cells(table, table.total)
        yield [_("Total"), *rest]


def cells(table: Table, line: Line) -> list[Cell]:
    return [*line.labels, *(line.values[one.key] for one in table.report.columns)]

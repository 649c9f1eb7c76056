"""Running a report: rows with their names, in a stable order, and the line of totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crm_core.kernel.actors import Actor
from crm_core.reports import names, registry
from crm_core.reports.definition import Cut, Dimension, Found, Number, Report, Scope
from crm_core.reports.parameters import Parameters, scope_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row people read: `key` finds its items."""

    key: tuple[str | None, ...]
    labels: tuple[str, ...]
    values: Mapping[str, Number]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A finished report. `bounds` are the names of what it was narrowed to."""

    report: Report
    scope: Scope
    dimensions: tuple[Dimension, ...]
    lines: tuple[Line, ...]
    total: Line | None
    bounds: tuple[str, ...]

    @property
    def cut(self) -> Cut:
        return self.scope.cut

    @property
    def first(self) -> date:
        return self._day(self.scope.since)

    @property
    def last(self) -> date:
        return self._day(self.scope.until - timedelta(hours=12))

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.scope.timezone)).date()


async def run(actor: Actor, key: str, given: Parameters) -> Table:
    """The report as this actor may see it; Invalid, Forbidden, NotFound."""
    report = registry.find(key)
    scope = scope_of(actor, report, given)
    numbers = await report.source.numbers(scope)
    dimensions = report.by(scope.cut)
    known = await names.known(dimensions, numbers.rows)
    lines = [
        Line(key=row.key, labels=names.labels(dimensions, row, known), values=row.values)
        for row in numbers.rows
    ]
    return Table(
        report=report,
        scope=scope,
        dimensions=tuple(dimensions),
        lines=tuple(sorted(lines, key=lambda one: _order(report, scope.cut, one))),
        total=_total(numbers.total, len(dimensions)),
        bounds=await bounds_of(scope),
    )


def _order(report: Report, cut: Cut, line: Line) -> tuple[object, ...]:
    """The greatest first, then by name; hours and days as they follow each other."""
    if cut.ordered:
        return tuple((value or "").rjust(10) for value in line.key)
    height = sum(line.values.get(one) or 0 for one in report.chart.series)
    return (-height, line.labels, tuple(value or "" for value in line.key))


def _total(found: Found | None, width: int) -> Line | None:
    if found is None:
        return None
    return Line(key=(None,) * width, labels=("",) * width, values=found.values)


async def bounds_of(scope: Scope) -> tuple[str, ...]:
    """Names of the people, the source and the queue a report was narrowed to."""
    found: list[str] = []
    if scope.employees is not None:
        people = [str(one) for one in scope.employees]
        called = await names.called("employee", scope.employees)
        found += [called.get(one, one) for one in people]
    if scope.source:
        found.append(scope.source)
    if scope.queue_id is not None:
        called = await names.called("queue", (scope.queue_id,))
        found += called.values()
    return tuple(found)

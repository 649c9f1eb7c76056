"""Reports over REST: what there is, the rows of one, the items behind a number."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.reports import registry, running
from crm_core.reports.definition import Behind, Report
from crm_core.reports.items import items as items_of
from crm_core.reports.parameters import Parameters
from crm_core.reports.running import Line, Table

Key = Annotated[str, Field(max_length=8)]
EVERYTHING = Parameters()
PAGE = 50


@command("report.list", title=N_("List the reports"), right=Right.OWN)
async def list_reports(actor: Actor) -> list[dict[str, Any]]:
    """Every report with its ways to group, its columns and what it may be narrowed by."""
    return [_described(one) for one in registry.reports().values()]


def _described(report: Report) -> dict[str, Any]:
    return {
        "report": report.key,
        "title": _(report.title),
        "cuts": {one.key: _(one.title) for one in report.cuts},
        "columns": {one.key: _(one.title) for one in report.columns},
        "filters": sorted(report.filters),
    }


@command("report.run", title=N_("Run a report"), right=Right.OWN)
async def run(actor: Actor, *, report: Key, parameters: Parameters = EVERYTHING) -> dict[str, Any]:
    """The rows of a report and their totals; durations in seconds, shares from 0 to 1.

    Who may not see everybody's figures gets their own.
    """
    table = await running.run(actor, report, parameters)
    return {
        "report": report,
        "title": _(table.report.title),
        "since": table.first,
        "until": table.last,
        "columns": [_head(table, key) for key in _keys(table)],
        "rows": [_row(table, line) for line in table.lines],
        "total": None if table.total is None else dict(table.total.values),
    }


def _keys(table: Table) -> list[str]:
    return [*(one.key for one in table.dimensions), *(one.key for one in table.report.columns)]


def _head(table: Table, key: str) -> dict[str, str]:
    column = table.report.column(key)
    if column is not None:
        return {"key": key, "title": _(column.title), "kind": column.kind}
    title = next(one.title for one in table.dimensions if one.key == key)
    return {"key": key, "title": _(title), "kind": "text"}


def _row(table: Table, line: Line) -> dict[str, Any]:
    names = {one.key: label for one, label in zip(table.dimensions, line.labels, strict=True)}
    return {"row": list(line.key), **names, **line.values}


class Number(BaseModel):
    """One number of a report: its `row` as `report.run` gives it (without it the totals), its
    column (without it whatever the row counts). Fifty items a page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    row: list[str | None] | None = None
    column: str = ""
    page: Annotated[int, Field(ge=0, le=10_000)] = 0


TOTAL = Number()


@command("report.items", title=N_("Show what a number counts"), right=Right.OWN)
async def items(
    actor: Actor, *, report: Key, parameters: Parameters = EVERYTHING, number: Number = TOTAL
) -> dict[str, Any]:
    """Requests, calls or dialogs behind a number, the latest first, and how many there are."""
    behind = Behind(
        key=None if number.row is None else tuple(number.row),
        only=_only(registry.find(report), number.column),
        limit=PAGE,
        offset=number.page * PAGE,
    )
    found, total = await items_of(actor, report, parameters, behind)
    shown = [{"kind": one.kind, "id": one.id, "at": one.at, "title": one.title} for one in found]
    return {"items": shown, "total": total}


def _only(report: Report, key: str) -> str:
    column = report.column(key) if key else None
    if key and column is None:
        raise Invalid(N_("This report has no column %(column)s."), column=key)
    if column is not None and column.only is None:
        raise Invalid(N_("This number can't be opened: open its row."))
    return (column.only or "") if column else ""

"""How many clients are both this and that: items of one catalogue by those of another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crm_core.catalogues.queries import catalogue
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosstab:
    """Clients by row and column. A client with several items counts in each of them, and once
    in every total. The column without a number (id None) are those with none.

    `cells[row][column]` follow the order of `rows` and `columns`: (id, title).
    """

    rows: tuple[tuple[int, str], ...]
    columns: tuple[tuple[int | None, str], ...]
    cells: tuple[tuple[int, ...], ...]
    row_totals: tuple[int, ...]
    column_totals: tuple[int, ...]
    total: int


# `head` of an item is itself, or what it stands under at the top of its catalogue.
HEADS = """
WITH RECURSIVE place AS (
  SELECT id, catalogue_id, id AS head FROM catalogue_item
  WHERE catalogue_id = ANY($1::bigint[]) AND parent_id IS NULL
  UNION ALL
  SELECT i.id, i.catalogue_id, CASE WHEN $2 THEN p.head ELSE i.id END
  FROM catalogue_item i JOIN place p ON i.parent_id = p.id),
said AS (
  SELECT x.client_id, p.catalogue_id, p.head FROM client_item x JOIN place p ON p.id = x.item_id)
"""
COUNT = """
SELECT grouping(a.head, {column}) AS level, a.head AS row, {column} AS column,
  count(DISTINCT c.id) AS clients
FROM client c JOIN said a ON a.client_id = c.id AND a.catalogue_id = $3 {join}
WHERE c.merged_into_id IS NULL AND ($4 OR c.manager_id = $5)
GROUP BY GROUPING SETS ((a.head, {column}), (a.head), ({column}), ())
"""
BY_ITEM = "LEFT JOIN said b ON b.client_id = c.id AND b.catalogue_id = $6"
BY_ITEMS = HEADS + COUNT.format(column="b.head", join=BY_ITEM)
BY_MANAGERS = HEADS + COUNT.format(column="c.manager_id", join="")
CELL, ROW, COLUMN, ALL = 0, 1, 2, 3  # what `grouping` calls them
MANAGERS = "SELECT id, name FROM employee WHERE id = ANY($1::bigint[]) ORDER BY name, id"

Counted = dict[tuple[int, int | None, int | None], int]


async def crosstab(
    actor: Actor, rows_id: int, columns_id: int | None = None, *, top: bool = True
) -> Crosstab:
    """Clients by the items of catalogue `rows_id` and those of `columns_id` (None: by manager).

    `top`: what stands under an item at the top counts there. Who may not see all dialogs counts
    their own clients.
    """
    actor.require(Right.CLIENT_READ)
    both = [rows_id] if columns_id is None else [rows_id, columns_id]
    scope = (actor.may(Right.DIALOG_ALL), actor.id)
    given = (both, top, rows_id, *scope, *([] if columns_id is None else [columns_id]))
    sql = BY_MANAGERS if columns_id is None else BY_ITEMS
    found = {
        (one["level"], one["row"], one["column"]): one["clients"]
        for one in await db.fetch(sql, *given)
    }
    rows = await _items(actor, rows_id, {row for level, row, _column in found if level == ROW})
    used = {column for level, _row, column in found if level == COLUMN}
    if columns_id is None:
        people = await db.fetch(MANAGERS, [one for one in used if one])
        columns = {one["id"]: str(one["name"]) for one in people}
    else:
        columns = await _items(actor, columns_id, used)
    heads: dict[int | None, str] = {**columns, **({None: "—"} if None in used else {})}
    return _table(rows, heads, found)


async def _items(actor: Actor, catalogue_id: int, used: set[int | None]) -> dict[int, str]:
    """Titles in the order of the tree."""
    tree = (await catalogue(actor, catalogue_id)).tree
    return {one.id: _(one.title) for one in tree.walk() if one.id in used}


def _table(rows: Mapping[int, str], columns: Mapping[int | None, str], found: Counted) -> Crosstab:
    return Crosstab(
        rows=tuple(rows.items()),
        columns=tuple(columns.items()),
        cells=tuple(tuple(found.get((CELL, row, one), 0) for one in columns) for row in rows),
        row_totals=tuple(found[ROW, row, None] for row in rows),
        column_totals=tuple(found[COLUMN, None, one] for one in columns),
        total=found.get((ALL, None, None), 0),
    )


@command("client.crosstab", title=N_("Count clients in a table"), right=Right.CLIENT_READ)
async def count(
    actor: Actor, *, rows_id: int, columns_id: int | None = None, top: bool = True
) -> Crosstab:
    """Clients by the items of two catalogues, or of one catalogue by manager."""
    return await crosstab(actor, rows_id, columns_id, top=top)

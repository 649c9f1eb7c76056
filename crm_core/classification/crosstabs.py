"""How many clients are both this and that: items of one catalogue by those of another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass

from crm_core.catalogues.queries import catalogue
from crm_core.catalogues.tree import Tree
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


# Clients with the very same items are one row: the rest is counting a few hundred of those. One
# walk along the key of `client_item`; distinct counts of every cell took ten times as long.
SETS = """
WITH said AS (
  SELECT client_id, array_agg(item_id) AS items FROM client_item
  WHERE item_id = ANY($1::bigint[]) GROUP BY client_id)
SELECT s.items, {manager} AS manager_id, count(*) AS clients
FROM said s JOIN client c ON c.id = s.client_id
WHERE c.merged_into_id IS NULL AND {scope} GROUP BY 1, 2
"""
MANAGERS = "SELECT id, name FROM employee WHERE id = ANY($1::bigint[]) ORDER BY name, id"


async def crosstab(
    actor: Actor, rows_id: int, columns_id: int | None = None, *, top: bool = True
) -> Crosstab:
    """Clients by the items of catalogue `rows_id` and those of `columns_id` (None: by manager).

    `top`: what stands under an item at the top counts there. Who may not see all dialogs counts
    their own clients.
    """
    actor.require(Right.CLIENT_READ)
    rows = (await catalogue(actor, rows_id)).tree
    columns = Tree(()) if columns_id is None else (await catalogue(actor, columns_id)).tree
    row_of, column_of = _heads(rows, top=top), _heads(columns, top=top)
    counted = Counted()
    for found in await _sets(actor, [*row_of, *column_of], managers=columns_id is None):
        across = {column_of[one] for one in found["items"] if one in column_of}
        if columns_id is None and found["manager_id"]:
            across = {found["manager_id"]}
        down = {row_of[one] for one in found["items"] if one in row_of}
        counted.add(down, across or {None}, found["clients"])
    titles = _titles(columns) if columns_id is not None else await _people(counted)
    return _table(counted, _titles(rows), titles)


def _heads(tree: Tree, *, top: bool) -> dict[int, int]:
    """For every item what it counts as: itself, or what it stands under at the top."""
    found: dict[int, int] = {}
    for one in tree.walk():
        above = found.get(one.parent_id or 0)
        found[one.id] = above if top and above is not None else one.id
    return found


async def _sets(actor: Actor, item_ids: list[int], *, managers: bool) -> list[db.Row]:
    """{items, manager_id, clients}: how many clients have these very items."""
    every = actor.may(Right.DIALOG_ALL)
    sql = SETS.format(
        manager="c.manager_id" if managers else "NULL::bigint",
        scope="true" if every else "c.manager_id = $2",
    )
    return await db.fetch(sql, item_ids, *([] if every else [actor.id]))


class Counted:
    """Clients by cell, by row, by column and in all."""

    def __init__(self) -> None:
        self.cells: Counter[tuple[int, int | None]] = Counter()
        self.rows: Counter[int] = Counter()
        self.columns: Counter[int | None] = Counter()
        self.total = 0

    def add(self, down: Set[int], across: Set[int | None], clients: int) -> None:
        """So many clients who stand in all these rows and columns; without a row in none."""
        if not down:
            return
        self.cells.update({(row, column): clients for row in down for column in across})
        self.rows.update(dict.fromkeys(down, clients))
        self.columns.update(dict.fromkeys(across, clients))
        self.total += clients


def _titles(tree: Tree) -> dict[int, str]:
    """In the order of the tree."""
    return {one.id: _(one.title) for one in tree.walk()}


async def _people(counted: Counted) -> dict[int, str]:
    """Managers by name."""
    rows = await db.fetch(MANAGERS, [one for one in counted.columns if one])
    return {row["id"]: str(row["name"]) for row in rows}


def _table(counted: Counted, down: Mapping[int, str], across: Mapping[int, str]) -> Crosstab:
    rows = [one for one in down if one in counted.rows]
    columns: list[int | None] = [one for one in across if one in counted.columns]
    columns += [None] if None in counted.columns else []
    return Crosstab(
        rows=tuple((one, down[one]) for one in rows),
        columns=tuple((one, "—" if one is None else across[one]) for one in columns),
        cells=tuple(tuple(counted.cells[row, one] for one in columns) for row in rows),
        row_totals=tuple(counted.rows[one] for one in rows),
        column_totals=tuple(counted.columns[one] for one in columns),
        total=counted.total,
    )


@command("client.crosstab", title=N_("Count clients in a table"), right=Right.CLIENT_READ)
async def count(
    actor: Actor, *, rows_id: int, columns_id: int | None = None, top: bool = True
) -> Crosstab:
    """Clients by the items of two catalogues, or of one catalogue by manager."""
    return await crosstab(actor, rows_id, columns_id, top=top)

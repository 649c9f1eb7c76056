"""Reading catalogues into trees, and holding them while they change."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.catalogues.shapes import Item, Kind
from crm_core.catalogues.tree import Tree
from crm_core.kernel import db
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_

NO_CATALOGUE = N_("There is no such catalogue.")

READ = "SELECT id, key, title, kind, classifies, archived FROM catalogue WHERE id = $1"
LOCK = f"{READ} FOR NO KEY UPDATE"
ITEMS = """
SELECT id, title, parent_id, is_group AS group, code, position, impact, archived
FROM catalogue_item WHERE catalogue_id = $1
"""
OF_ITEM = "SELECT catalogue_id FROM catalogue_item WHERE id = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """A catalogue with its items; `key` names those the code knows."""

    id: int
    key: str | None
    title: str
    kind: Kind
    classifies: bool
    archived: bool
    tree: Tree


async def read(catalogue_id: int) -> Catalogue:
    """As it stands now; NotFound."""
    return await _whole(READ, catalogue_id)


async def hold(catalogue_id: int) -> Catalogue:
    """The same, held until the transaction ends: whoever changes it waits. NotFound.

    Two moves that together would make a circle come one after the other here.
    """
    return await _whole(LOCK, catalogue_id)


async def _whole(sql: str, catalogue_id: int) -> Catalogue:
    row = await db.fetchrow(sql, catalogue_id)
    if row is None:
        raise NotFound(NO_CATALOGUE)
    tree = Tree(Item(**one) for one in await db.fetch(ITEMS, catalogue_id))
    return Catalogue(**(dict(row) | {"kind": Kind(row["kind"])}), tree=tree)


KEEP = f"{OF_ITEM} FOR KEY SHARE"


async def keep(item_id: int) -> None:
    """Whoever would delete the item waits until the transaction ends; NotFound."""
    if await db.fetchval(KEEP, item_id) is None:
        raise NotFound(N_("There is no such item in this catalogue."))


async def catalogue_of(item_id: int) -> int:
    """The catalogue an item stands in; it never changes. NotFound."""
    found: int | None = await db.fetchval(OF_ITEM, item_id)
    if found is None:
        raise NotFound(N_("There is no such item in this catalogue."))
    return found

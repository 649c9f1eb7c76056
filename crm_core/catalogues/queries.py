"""Reading catalogues: the list, one of them with its tree, items by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm_core.catalogues import access, rules
from crm_core.catalogues.access import Catalogue
from crm_core.catalogues.known import all_known, known
from crm_core.catalogues.shapes import Item
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

# Those the code knows first; the archive last.
LIST = """
SELECT c.id, c.key, c.title, c.kind, c.classifies, c.archived,
  (SELECT count(*) FROM catalogue_item i WHERE i.catalogue_id = c.id AND NOT i.is_group
   AND NOT i.archived) AS items
FROM catalogue c ORDER BY c.archived, c.key IS NULL, lower(c.title), c.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A catalogue in the list; `items` counts without groups and without the archive."""

    id: int
    key: str | None
    title: str
    kind: str
    classifies: bool
    archived: bool
    items: int


async def catalogues(actor: Actor) -> list[Listed]:
    """All of them; those in the archive only for who may change them."""
    actor.require(Right.CATALOGUE_READ)
    await all_known()
    every = actor.may(Right.CATALOGUE_WRITE)
    return [Listed(**row) for row in await db.fetch(LIST) if every or not row["archived"]]


async def catalogue(actor: Actor, catalogue_id: int) -> Catalogue:
    """One catalogue with all its items; NotFound, Forbidden."""
    actor.require(Right.CATALOGUE_READ)
    return await access.read(catalogue_id)


async def catalogue_with(actor: Actor, item_id: int) -> tuple[Catalogue, Item]:
    """An item and the catalogue it stands in; NotFound, Forbidden."""
    actor.require(Right.CATALOGUE_READ)
    found = await access.read(await access.catalogue_of(item_id))
    return found, rules.require_item(found.tree, item_id)


async def by_key(key: str) -> Catalogue:
    """A catalogue the code knows (`known.KNOWN`)."""
    return await access.read(await known(key))


@command("catalogue.list", title=N_("See the catalogues"), right=Right.CATALOGUE_READ)
async def list_all(actor: Actor) -> list[Listed]:
    """All catalogues with the numbers of their items."""
    return await catalogues(actor)


@command("catalogue.show", title=N_("Open a catalogue"), right=Right.CATALOGUE_READ)
async def show(actor: Actor, *, catalogue_id: int, search: str = "") -> dict[str, Any]:
    """A catalogue: its items in the order of the tree, or those the words are found in."""
    found = await catalogue(actor, catalogue_id)
    items = rules.found(found.tree, search) if search.strip() else list(found.tree.walk())
    return {
        "id": found.id,
        "key": found.key,
        "title": _(found.title),
        "kind": found.kind.value,
        "classifies": found.classifies,
        "archived": found.archived,
        "items": items,
    }

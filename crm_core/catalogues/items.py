"""Items and groups: added, changed, put away, removed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import asyncpg

from crm_core.catalogues import access, rules
from crm_core.catalogues.access import Catalogue
from crm_core.catalogues.events import (
    CatalogueItemAdded,
    CatalogueItemChanged,
    CatalogueItemRemoved,
)
from crm_core.catalogues.known import KNOWN
from crm_core.catalogues.shapes import Item, ItemChanges, NewItem
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

ADD = """
INSERT INTO catalogue_item (catalogue_id, parent_id, is_group, title, code, impact, position)
VALUES ($1, $2, $3, $4, $5, $6, (SELECT coalesce(max(position), 0) + 1 FROM catalogue_item
  WHERE catalogue_id = $1 AND parent_id IS NOT DISTINCT FROM $2)) RETURNING id
"""


@command("catalogue.add_item", title=N_("Add an item or a group"), right=Right.CATALOGUE_WRITE)
async def add(actor: Actor, *, catalogue_id: int, item: NewItem) -> int:
    """Add an item, or a group, as the last of its parent. Returns its id."""
    found = await access.hold(catalogue_id)
    rules.require_room(found.tree)
    rules.require_kind(found.kind, group=item.group)
    rules.require_place(found.tree, found.kind, item.parent_id)
    rules.require_title(found.tree, item.parent_id, item.title)
    rules.require_code(found.tree, item.code)
    _require_not_too_many(found)
    values = (item.parent_id, item.group, item.title, item.code or None, item.impact)
    item_id: int = await db.fetchval(ADD, catalogue_id, *values)
    event = CatalogueItemAdded(
        catalogue_id=catalogue_id, item_id=item_id, title=item.title, parent_id=item.parent_id
    )
    await emit(event, actor=actor.key)
    return item_id


async def held(item_id: int) -> tuple[Catalogue, Item]:
    """An item with its catalogue, which is held until the transaction ends; NotFound."""
    found = await access.hold(await access.catalogue_of(item_id))
    return found, rules.require_item(found.tree, item_id)


@command("catalogue.change_item", title=N_("Change an item"), right=Right.CATALOGUE_WRITE)
async def change(actor: Actor, *, item_id: int, changes: ItemChanges) -> None:
    """Another title, code or impact; what refers to the item stays."""
    found, item = await held(item_id)
    told = changes.model_dump(exclude_none=True)
    if "title" in told:
        rules.require_title(found.tree, item.parent_id, told["title"], besides=item_id)
    if "code" in told:
        told["code"] = told["code"] or None
        rules.require_code(found.tree, told["code"], besides=item_id)
    await write(actor, found, item, told)


CHANGE = """
UPDATE catalogue_item SET title = $2, code = $3, impact = $4, archived = $5 WHERE id = $1
"""


async def write(actor: Actor, found: Catalogue, item: Item, told: dict[str, Any]) -> None:
    """Columns of a held catalogue's item that really change; the fact has what was before."""
    fresh = {name: value for name, value in told.items() if getattr(item, name) != value}
    if not fresh:
        return
    new = replace(item, **fresh)
    await db.execute(CHANGE, item.id, new.title, new.code, new.impact, new.archived)
    before = {name: getattr(item, name) for name in fresh}
    event = CatalogueItemChanged(catalogue_id=found.id, item_id=item.id, before=before, after=fresh)
    await emit(event, actor=actor.key)


@command("catalogue.archive_item", title=N_("Put an item away"), right=Right.CATALOGUE_WRITE)
async def archive(actor: Actor, *, item_id: int, archived: bool = True) -> None:
    """Into the archive with all that stands under it, or out again: no longer to be chosen,
    still there where it was chosen."""
    found, item = await held(item_id)
    if archived:
        _require_enough(found, item)
    else:
        rules.require_title(found.tree, item.parent_id, item.title, besides=item_id)
        if item.archived:
            _require_not_too_many(found)
    await write(actor, found, item, {"archived": archived})


def _require_not_too_many(found: Catalogue) -> None:
    """Where all items must fit on one screen."""
    most = KNOWN[found.key].most if found.key else 0
    if most and len(found.tree.standing()) >= most:
        raise Invalid(N_("At most %(most)s items stand here: put one away first."), most=most)


def _require_enough(found: Catalogue, item: Item) -> None:
    least = KNOWN[found.key].least if found.key else 0
    if least and not item.archived and len(found.tree.standing()) <= least:
        raise Conflict(N_("At least one item must stay here: add another one first."))


@command("catalogue.remove_item", title=N_("Remove an item"), right=Right.CATALOGUE_WRITE)
async def remove(actor: Actor, *, item_id: int) -> Literal["removed", "archived"]:
    """Delete an item nothing refers to; one that is referred to goes into the archive."""
    found, item = await held(item_id)
    _require_enough(found, item)
    kept = found.key is not None and KNOWN[found.key].by_title
    if kept or not await _deleted(item_id):
        await write(actor, found, item, {"archived": True})
        return "archived"
    event = CatalogueItemRemoved(
        catalogue_id=found.id, item_id=item_id, title=item.title, parent_id=item.parent_id
    )
    await emit(event, actor=actor.key)
    return "removed"


async def _deleted(item_id: int) -> bool:
    """Whether it is gone: the tables that refer to items say themselves when it may not."""
    try:
        async with db.savepoint():
            await db.execute("DELETE FROM catalogue_item WHERE id = $1", item_id)
    except (asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError):
        return False
    return True

"""Items change places: into another group, up and down among their own."""

from __future__ import annotations

from crm_core.catalogues import rules
from crm_core.catalogues.events import CatalogueItemMoved
from crm_core.catalogues.items import held
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

MOVE = "UPDATE catalogue_item SET parent_id = $2 WHERE id = $1"
ORDER = """
UPDATE catalogue_item i SET position = u.place
FROM unnest($1::bigint[]) WITH ORDINALITY AS u(id, place) WHERE i.id = u.id
"""


@command("catalogue.move_item", title=N_("Move an item"), right=Right.CATALOGUE_WRITE)
async def move(
    actor: Actor, *, item_id: int, parent_id: int | None = None, place: int | None = None
) -> None:
    """Under another group or item (none: to the top), with all that stands under it.

    `place` counts from 0 among those who stand there; left out it becomes the last one. What
    refers to the item stays. A move into itself is refused.
    """
    found, item = await held(item_id)
    rules.require_place(found.tree, found.kind, parent_id, item)
    if not item.archived:
        rules.require_title(found.tree, parent_id, item.title, besides=item_id)
    there = [one.id for one in found.tree.children(parent_id)]
    goal = rules.ordered(there, item_id, len(there) if place is None else place)
    if parent_id == item.parent_id and goal == there:
        return
    await db.execute(MOVE, item_id, parent_id)
    await db.execute(ORDER, goal)
    event = CatalogueItemMoved(
        catalogue_id=found.id,
        item_id=item_id,
        parent_id=parent_id,
        before_id=item.parent_id,
        place=goal.index(item_id),
    )
    await emit(event, actor=actor.key)

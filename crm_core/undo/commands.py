"""One command takes any change back that its slice has registered."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.journal import Recorded, emit, load
from crm_core.undo.events import ChangeTakenBack
from crm_core.undo.registry import WINDOW, Way, ways

FACT = "SELECT id, type, at, actor, client_id, dialog_id, data FROM event WHERE id = $1"
CLAIM = """
INSERT INTO undone (event_id, author_id, at) VALUES ($1, $2, $3)
ON CONFLICT (event_id) DO NOTHING RETURNING event_id
"""

# What an undo does is not offered to be taken back in turn: two presses would go in a circle.
NO_WAY_ROUND = """
INSERT INTO undone (event_id, author_id, at)
SELECT id, $4, $5 FROM event WHERE id > $1 AND actor = $2 AND type = ANY($3::text[])
ON CONFLICT (event_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """`left` says, in the actor's language, what had left the house and stays as it is."""

    event_id: int
    type: str
    left: tuple[str, ...]


@command("undo.take_back", title=N_("Take a change back"), right=Right.OWN)
async def take_back(actor: Actor, *, event_id: int) -> TakenBack:
    """Take back a change of the last fifteen minutes; heads also those of others."""
    fact, way = await _found(event_id)
    actor.require(way.right)
    if fact.actor != actor.key and not actor.may(Right.DIALOG_ALL):
        raise Forbidden(N_("Only whoever changed it, or a head, can take it back."))
    if clock.now() - fact.at > WINDOW:
        raise Conflict(N_("It is more than 15 minutes ago: change it on the card."))
    if await db.fetchval(CLAIM, event_id, actor.id, clock.now()) is None:
        raise Conflict(N_("It has been taken back already."))
    before = await db.fetchval("SELECT coalesce(max(id), 0) FROM event")
    left = await way.back(actor, fact.event)
    await db.execute(NO_WAY_ROUND, before, actor.key, list(ways()), actor.id, clock.now())
    event = ChangeTakenBack(
        client_id=fact.event.client_id, event_id=event_id, type=type(fact.event).__name__
    )
    await emit(event, actor=actor.key)
    return TakenBack(event_id, event.type, tuple(_(line) % given for line, given in left))


async def _found(event_id: int) -> tuple[Recorded, Way]:
    row = await db.fetchrow(FACT, event_id)
    if row is None:
        raise NotFound(N_("There is no such change."))
    way, fact = ways().get(row["type"]), load(row)
    if way is None or fact is None:
        raise Invalid(N_("This can't be taken back."))
    return fact, way

"""What somebody could still take back."""

from __future__ import annotations

from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.journal import Recorded, loads
from crm_core.undo.registry import WINDOW, ways

MOST = 5
# The journal grows in the order of time: what is older than the window ends the walk of an index.
RECENT = """
SELECT e.id, e.type, e.at, e.actor, e.client_id, e.dialog_id, e.data FROM event e
WHERE {about} = $1 AND e.at > $2 AND e.type = ANY($3::text[])
  AND ($4::text IS NULL OR e.actor = $4)
  AND NOT EXISTS (SELECT 1 FROM undone u WHERE u.event_id = e.id)
ORDER BY e.id DESC LIMIT $5
"""
ABOUT_CLIENT = RECENT.format(about="e.client_id")
ABOUT_REQUEST = RECENT.format(about="e.data ? 'request_id' AND (e.data ->> 'request_id')::bigint")


async def of_client(actor: Actor, client_id: int) -> list[Recorded]:
    """Changes of the client's own card that this person may take back, the latest first."""
    found = await _recent(actor, ABOUT_CLIENT, client_id)
    return [one for one in found if not hasattr(one.event, "request_id")]


async def of_request(actor: Actor, request_id: int) -> list[Recorded]:
    """The same for a request."""
    return await _recent(actor, ABOUT_REQUEST, request_id)


async def _recent(actor: Actor, statement: str, number: int) -> list[Recorded]:
    mine = None if actor.may(Right.DIALOG_ALL) else actor.key
    names = [name for name, way in ways().items() if actor.may(way.right)]
    return loads(await db.fetch(statement, number, clock.now() - WINDOW, names, mine, MOST))

"""A dialog for a request: the live one of the chat, or a new one in it."""

from __future__ import annotations

from crm_core.dialogs import commands as dialogs
from crm_core.dialogs.access import lock_staff, refresh_load
from crm_core.dialogs.events import DialogAccepted, DialogOpened
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor
from crm_core.kernel.journal import emit

# The chat the request came from, else where the client wrote last; only where they can be reached.
PLACE = """
SELECT d.channel_id, d.chat, d.identity_id, d.client_id, d.queue_id
FROM dialog d JOIN identity i ON i.id = d.identity_id JOIN channel c ON c.id = d.channel_id
WHERE i.reachable AND c.active
  AND ((d.channel_id = $1 AND d.chat = $2) OR d.client_id = $3)
ORDER BY (d.channel_id = $1 AND d.chat = $2) IS TRUE DESC, d.last_at DESC LIMIT 1
"""
# A chat in which nobody has written yet: the identity the request came with.
FIRST = """
SELECT i.channel_id, $2::text AS chat, i.id AS identity_id, i.client_id, c.queue_id
FROM identity i JOIN channel c ON c.id = i.channel_id
WHERE i.channel_id = $1 AND i.client_id = $3 AND i.reachable AND c.active LIMIT 1
"""


async def place_of(request: db.Row) -> db.Row | None:
    """Where the person can be written to; None when nowhere."""
    where = (request["channel_id"], request["chat"], request["client_id"])
    found = await db.fetchrow(PLACE, *where)
    if found is None and request["chat"] is not None:
        found = await db.fetchrow(FIRST, *where)
    return found


OPEN = """
INSERT INTO dialog (channel_id, chat, identity_id, client_id, queue_id, state, assignee_id,
  opened_at, accepted_at, last_at, reason)
VALUES ($1, $2, $3, $4, coalesce($5, (SELECT min(id) FROM queue WHERE is_default)), 'open', $6,
  $7, $7, $7, '{"why": "request"}')
ON CONFLICT (channel_id, chat) WHERE state <> 'closed' DO NOTHING RETURNING id
"""
LIVE = """
SELECT id, state, assignee_id FROM dialog
WHERE channel_id = $1 AND chat = $2 AND state <> 'closed'
"""


async def opened(actor: Actor, place: db.Row) -> int:
    """The dialog's id: a new one is the actor's, a waiting one becomes it, a colleague's stays."""
    dialog_id: int | None = await db.fetchval(
        OPEN,
        *(place[name] for name in ("channel_id", "chat", "identity_id", "client_id", "queue_id")),
        actor.id,
        clock.now(),
    )
    if dialog_id is None:
        row = await db.fetchrow(LIVE, place["channel_id"], place["chat"])
        assert row is not None  # noqa: S101 - the insert has just met it
        if row["state"] == "waiting":
            await dialogs.accept(actor, dialog_id=row["id"])
        found: int = row["id"]
        return found
    await lock_staff(actor.id)
    await refresh_load(actor.id)
    about = {"dialog_id": dialog_id, "client_id": place["client_id"]}
    await emit(
        DialogOpened(channel_id=place["channel_id"], **about),
        DialogAccepted(employee_id=actor.id, **about),
        actor=actor.key,
    )
    return dialog_id

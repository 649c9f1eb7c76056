"""Which requests an actor may touch, and the lock a change needs."""

from __future__ import annotations

from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Conflict, Forbidden, NotFound
from crm_core.kernel.i18n import N_

NO_REQUEST = N_("There is no such request.")
NOT_YOURS = N_("This request is with somebody else.")

LOCK = """
SELECT id, state, client_id, responsible_id, offered_to_id, queue_id, channel_id, chat, dialog_id,
  person, subject, source, version FROM request WHERE id = $1 FOR UPDATE
"""


async def locked(request_id: int) -> db.Row:
    """The request's row, held until the transaction ends."""
    row = await db.fetchrow(LOCK, request_id)
    if row is None:
        raise NotFound(NO_REQUEST)
    return row


# Whoever is asked or has it, took it in, stands in its queue or looks after its client.
READERS = """
(r.responsible_id = $1 OR r.offered_to_id = $1 OR r.author_id = $1
 OR r.queue_id IN (SELECT queue_id FROM queue_member WHERE employee_id = $1)
 OR EXISTS (SELECT 1 FROM client c WHERE c.id = r.client_id AND c.manager_id = $1))
"""
MAY_READ = f"SELECT EXISTS (SELECT 1 FROM request r WHERE r.id = $2 AND {READERS})"  # noqa: S608


async def require_read(actor: Actor, request_id: int) -> None:
    """Own requests, those of own queues and own clients; heads and admins read all."""
    if actor.may(Right.DIALOG_ALL):
        return
    if not await db.fetchval(MAY_READ, actor.id, request_id):
        raise Forbidden(NOT_YOURS)


async def mine(actor: Actor, request_id: int) -> db.Row:
    """The locked row of an open request the actor has, or may take as it waits; Conflict."""
    row = await locked(request_id)
    if row["state"] == "new":
        await require_read(actor, request_id)
    elif row["responsible_id"] != actor.id and not actor.may(Right.DIALOG_ALL):
        raise Forbidden(NOT_YOURS)
    if row["state"] not in {"new", "accepted"}:
        raise Conflict(N_("This request has been dealt with already."))
    return row

"""Which dialogs an actor may touch, and the locks a change of owner needs."""

from __future__ import annotations

from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Forbidden, NotFound

LOCK = """
SELECT d.id, d.channel_id, d.chat, d.client_id, d.queue_id, d.state, d.assignee_id,
       d.offered_to_id, d.snooze_until, d.version, d.unanswered_since, c.kind AS channel_kind,
       i.reachable
FROM dialog d JOIN channel c ON c.id = d.channel_id JOIN identity i ON i.id = d.identity_id
WHERE d.id = $1 FOR UPDATE OF d
"""


async def locked(dialog_id: int) -> db.Row:
    """The dialog's row, held until the transaction ends."""
    row = await db.fetchrow(LOCK, dialog_id)
    if row is None:
        raise NotFound("There is no such dialog.")
    return row


async def mine(actor: Actor, dialog_id: int) -> db.Row:
    """The locked row of a dialog the actor works in, or may work in by rights over all."""
    row = await locked(dialog_id)
    require_mine(actor, row)
    return row


def require_mine(actor: Actor, row: db.Row) -> None:
    """Raises Forbidden unless the actor works in this dialog, or may in all."""
    if row["assignee_id"] != actor.id and not actor.may(Right.DIALOG_ALL):
        raise Forbidden("This dialog is with somebody else.")


MAY_READ = """
SELECT EXISTS (
  SELECT 1 FROM dialog d WHERE d.id = $1 AND (
    d.assignee_id = $2 OR d.offered_to_id = $2
    OR d.queue_id IN (SELECT queue_id FROM queue_member WHERE employee_id = $2)
    OR EXISTS (SELECT 1 FROM client c WHERE c.id = d.client_id AND c.manager_id = $2)))
"""


async def require_read(actor: Actor, dialog_id: int) -> None:
    """Own dialogs, those of own queues and own clients; heads and admins read all."""
    if actor.may(Right.DIALOG_ALL):
        return
    if not await db.fetchval(MAY_READ, dialog_id, actor.id):
        raise Forbidden("This dialog is with somebody else.")


async def lock_staff(*employee_ids: int | None) -> None:
    """Hold employees' rows, in one order, before their load changes."""
    ids = sorted({one for one in employee_ids if one})
    if ids:
        await db.fetch(
            "SELECT id FROM employee WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE", ids
        )


# A person's load: dialogs and requests they have, and those that wait for their answer to an offer.
REFRESH_LOAD = """
UPDATE employee e SET load =
  (SELECT count(*) FROM dialog d WHERE d.state = 'open' AND d.assignee_id = e.id)
  + (SELECT count(*) FROM dialog d WHERE d.state = 'waiting' AND d.offered_to_id = e.id)
  + (SELECT count(*) FROM request r WHERE r.state = 'accepted' AND r.responsible_id = e.id)
  + (SELECT count(*) FROM request r WHERE r.state = 'new' AND r.offered_to_id = e.id)
WHERE e.id = ANY($1::bigint[])
"""


async def refresh_load(*employee_ids: int | None) -> None:
    """Count anew what these people hold; their rows must be locked (`lock_staff`)."""
    ids = sorted({one for one in employee_ids if one})
    if ids:
        await db.execute(REFRESH_LOAD, ids)

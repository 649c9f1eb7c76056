"""Whose calls one may say something about."""

from __future__ import annotations

from crm_core.calls.commands import NO_CALL
from crm_core.clients.links import RESPONSIBLE
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Forbidden, NotFound
from crm_core.kernel.i18n import N_

MINE = f"""
SELECT c.client_id, EXISTS (
  SELECT 1 FROM call_leg l WHERE l.call_id = c.id AND l.employee_id = $2)
  OR c.ordered_by_id = $2 OR c.outcome <> 'answered' OR EXISTS (
  SELECT 1 FROM client k WHERE k.id = c.client_id AND {RESPONSIBLE.format(client="k")} = $2) AS mine
FROM call c WHERE c.id = $1
"""  # noqa: S608 - of constants


async def mine(actor: Actor, call_id: int) -> db.Row:
    """A call whose phones rang at the actor's, of the actor's client, or that nobody took."""
    row = await db.fetchrow(MINE, call_id, actor.id)
    if row is None:
        raise NotFound(NO_CALL)
    if not row["mine"] and not actor.may(Right.CALL_ALL):
        raise Forbidden(N_("This is a colleague's call."))
    return row

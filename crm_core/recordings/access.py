"""Who may hear a recording: whoever spoke in it, the client's manager, heads."""

from __future__ import annotations

from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Forbidden
from crm_core.kernel.i18n import N_

MAY_HEAR = """
SELECT EXISTS (
  SELECT 1 FROM call c WHERE c.id = $1 AND (
    c.employee_id = $2
    OR EXISTS (SELECT 1 FROM call_leg l WHERE l.call_id = c.id AND l.employee_id = $2
               AND l.answered_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM client k WHERE k.id = c.client_id AND k.manager_id = $2)))
"""


async def may_hear(actor: Actor, call_id: int) -> bool:
    return actor.may(Right.DIALOG_ALL) or bool(await db.fetchval(MAY_HEAR, call_id, actor.id))


async def require_hear(actor: Actor, call_id: int) -> None:
    if not await may_hear(actor, call_id):
        raise Forbidden(
            N_("Only those who spoke, the client's manager and heads may hear this call.")
        )

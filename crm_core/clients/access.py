"""Which clients an actor may read and change: own ones, the department's, or all.

One's own are those one looks after and those one has to do with right now: whose dialog, request
or call one has, is offered, or could take.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Reach
from crm_core.kernel.errors import Forbidden
from crm_core.kernel.i18n import N_

# $2 the person, $3 their department (NULL: none counts), of the client `c`.
WITHIN = """
(c.manager_id = $2
 OR c.manager_id IN (SELECT e.id FROM employee e WHERE e.department_id = $3)
 OR EXISTS (SELECT 1 FROM dialog d WHERE d.client_id = c.id AND d.state <> 'closed'
   AND (d.assignee_id = $2 OR d.offered_to_id = $2 OR d.assignee_id IS NULL
     AND d.queue_id IN (SELECT m.queue_id FROM queue_member m WHERE m.employee_id = $2)))
 OR EXISTS (SELECT 1 FROM request r WHERE r.client_id = c.id AND r.state IN ('new', 'accepted')
   AND (r.responsible_id = $2 OR r.offered_to_id = $2 OR r.responsible_id IS NULL
     AND r.queue_id IN (SELECT m.queue_id FROM queue_member m WHERE m.employee_id = $2)))
 OR EXISTS (SELECT 1 FROM call t JOIN call_leg l ON l.call_id = t.id
   WHERE t.client_id = c.id AND t.state <> 'ended' AND l.employee_id = $2))
"""
READABLE = f"""
SELECT c.id FROM unnest($1::bigint[]) WITH ORDINALITY AS w(id, place)
JOIN client c ON c.id = w.id WHERE {WITHIN} ORDER BY w.place
"""  # noqa: S608
MANAGER = """
SELECT e.name FROM client c JOIN employee e ON e.id = c.manager_id WHERE c.id = $1
"""


def limited(actor: Actor) -> bool:
    """Whether lists need a condition at all."""
    return not _unlimited(actor, actor.sight.read)


def visible(actor: Actor, me: str, department: str, *, client: str = "c") -> str:
    """A condition on the row `client` of a list. `me` and `department` are the placeholders of
    `seen_by(actor)`; both stand in it, also when everything is seen."""
    if not limited(actor):
        return f"({me}::bigint IS NOT NULL OR {department}::bigint IS NULL OR true)"
    told = WITHIN.replace("$3", f"{department}::bigint").replace("$2", f"{me}::bigint")
    return re.sub(r"\bc\.", f"{client}.", told)


def seen_by(actor: Actor) -> tuple[int, int | None]:
    """The person, and the department that counts."""
    return actor.id, actor.department_id if actor.sight.read is Reach.DEPARTMENT else None


def _unlimited(actor: Actor, reach: Reach) -> bool:
    return reach is Reach.ALL or actor.kind != "employee"


async def readable(actor: Actor, client_ids: Sequence[int]) -> list[int]:
    """Those of the cards this person may read, in the same order."""
    return await _within(actor, actor.sight.read, client_ids)


async def require_read(actor: Actor, client_id: int) -> None:
    """Forbidden, with the name of whom to ask."""
    if not await _within(actor, actor.sight.read, [client_id]):
        raise await _not_yours(client_id)


async def require_write(actor: Actor, client_id: int) -> None:
    """Forbidden, with the name of whom to ask."""
    if not await _within(actor, actor.sight.write, [client_id]):
        raise await _not_yours(client_id)


async def _within(actor: Actor, reach: Reach, client_ids: Sequence[int]) -> list[int]:
    if _unlimited(actor, reach):
        return list(client_ids)
    department = actor.department_id if reach is Reach.DEPARTMENT else None
    rows = await db.fetch(READABLE, client_ids, actor.id, department)
    return [row["id"] for row in rows]


async def _not_yours(client_id: int) -> Forbidden:
    name = await db.fetchval(MANAGER, client_id)
    if name is None:
        return Forbidden(N_("This client is not yours: ask an administrator."))
    return Forbidden(N_("This client is looked after by %(name)s: ask them."), name=name)

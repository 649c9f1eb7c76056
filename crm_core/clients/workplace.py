"""The list of clients people work from: whose, of which kind, with what open, silent how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm_core.clients.links import COMPANY
from crm_core.clients.listing import Wanted, page
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A client and the facts that decide. `last_at` is the last message or call with them."""

    id: int
    kind: str
    name: str
    company: str | None
    people: int
    manager_name: str | None
    open_requests: int
    last_at: datetime | None
    touched_at: datetime
    mark: str | None = None
    percent: int | None = None


OPEN = ["new", "accepted"]
FACTS = f"""
SELECT c.id, c.kind, c.name, {COMPANY.format(client="c")} AS company,
  (SELECT count(*) FROM client_link l JOIN client o ON o.id = l.person_id
   WHERE l.company_id = c.id AND l.until IS NULL AND o.merged_into_id IS NULL) AS people,
  e.name AS manager_name,
  (SELECT count(*) FROM request r WHERE r.client_id = c.id AND r.state = ANY($2::text[]))
    AS open_requests,
  greatest((SELECT max(m.at) FROM message m WHERE m.client_id = c.id AND m.direction <> 'note'),
    (SELECT max(k.started_at) FROM call k WHERE k.client_id = c.id)) AS last_at,
  c.touched_at, s.mark, c.percent
FROM unnest($1::bigint[]) WITH ORDINALITY AS w(id, place)
JOIN client c ON c.id = w.id LEFT JOIN employee e ON e.id = c.manager_id
LEFT JOIN client_status s ON s.id = c.status_id ORDER BY w.place
"""  # noqa: S608 - of constants


async def listed(
    actor: Actor, wanted: Wanted, *, limit: int = 7, offset: int = 0
) -> tuple[list[Listed], bool]:
    """A page of clients, the latest first, and whether there are more; Forbidden.

    One's own by the right to read; those of others and everybody's by the right over all.
    """
    if wanted.manager_id is None or wanted.manager_id != actor.id:
        actor.require(Right.DIALOG_ALL)
    ids = await page(actor, wanted, limit=limit + 1, offset=offset)
    rows = await db.fetch(FACTS, ids[:limit], OPEN) if ids else []
    return [Listed(**row) for row in rows], len(ids) > limit

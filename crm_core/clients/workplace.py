"""The list of clients people work from: whose, of which kind, with what open, silent how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from crm_core.clients.links import COMPANY
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is listed. `manager_id` None: everybody's; `silent_days` 0: it does not matter."""

    manager_id: int | None
    kind: Literal["person", "company"] | None = None
    open_requests: bool = False
    silent_days: int = 0


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


# Conditions by the filter they belong to; what is not asked for is not in the statement, so that
# the planner sees what is.
CONDITIONS = {
    "manager": "c.manager_id = ${n}",
    "kind": "c.kind = ${n}",
    "open": "c.id IN (SELECT client_id FROM request WHERE state = ANY(${n}::text[]))",
    "silent": "c.created_at <= ${n} AND NOT EXISTS (SELECT 1 FROM message m"
    " WHERE m.client_id = c.id AND m.at > ${n} AND m.direction <> 'note')"
    " AND NOT EXISTS (SELECT 1 FROM call k WHERE k.client_id = c.id AND k.started_at > ${n})",
}
OPEN = ["new", "accepted"]
PAGE = """
SELECT c.id FROM client c WHERE c.merged_into_id IS NULL{where}
ORDER BY c.touched_at DESC, c.id LIMIT $1 OFFSET $2
"""
FACTS = f"""
SELECT c.id, c.kind, c.name, {COMPANY.format(client="c")} AS company,
  (SELECT count(*) FROM client_link l JOIN client o ON o.id = l.person_id
   WHERE l.company_id = c.id AND l.until IS NULL AND o.merged_into_id IS NULL) AS people,
  e.name AS manager_name,
  (SELECT count(*) FROM request r WHERE r.client_id = c.id AND r.state = ANY($2::text[]))
    AS open_requests,
  greatest((SELECT max(m.at) FROM message m WHERE m.client_id = c.id AND m.direction <> 'note'),
    (SELECT max(k.started_at) FROM call k WHERE k.client_id = c.id)) AS last_at,
  c.touched_at
FROM unnest($1::bigint[]) WITH ORDINALITY AS w(id, place)
JOIN client c ON c.id = w.id LEFT JOIN employee e ON e.id = c.manager_id ORDER BY w.place
"""  # noqa: S608 - of constants


async def listed(
    actor: Actor, wanted: Wanted, *, limit: int = 7, offset: int = 0
) -> tuple[list[Listed], bool]:
    """A page of clients, the latest first, and whether there are more; Forbidden.

    One's own by the right to read; those of others and everybody's by the right over all.
    """
    actor.require(Right.CLIENT_READ)
    if wanted.manager_id is None or wanted.manager_id != actor.id:
        actor.require(Right.DIALOG_ALL)
    values = _values(wanted)
    where = "".join(
        f" AND {CONDITIONS[name].replace('{n}', str(number))}"
        for number, name in enumerate(values, 3)
    )
    sql = PAGE.format(where=where)
    rows = await db.fetch(sql, limit + 1, offset, *values.values())
    ids = [row["id"] for row in rows[:limit]]
    found = await db.fetch(FACTS, ids, OPEN) if ids else []
    return [Listed(**row) for row in found], len(rows) > limit


def _values(wanted: Wanted) -> dict[str, Any]:
    """Values of the conditions that are asked for."""
    since = clock.now() - timedelta(days=wanted.silent_days)
    given = {
        "manager": wanted.manager_id,
        "kind": wanted.kind,
        "open": OPEN if wanted.open_requests else None,
        "silent": since if wanted.silent_days else None,
    }
    return {name: value for name, value in given.items() if value is not None}

"""Lists of clients by status, role, fields and how full their cards are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from crm_core.clients.access import limited, seen_by, visible
from crm_core.clients.queries import Found, found
from crm_core.clients.roles import Counterparty
from crm_core.fields.filters import Condition, Filter, Query
from crm_core.fields.queries import by_key
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right

By = Literal["latest", "emptiest", "fullest"]
ORDERS: dict[By, str] = {
    "latest": "c.touched_at DESC, c.id",
    # A card nobody asks anything of is neither full nor empty.
    "emptiest": "c.percent, c.id",
    "fullest": "c.percent DESC NULLS LAST, c.id",
}
LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which clients: all that is given must hold. `below`: fuller cards are left out; nobody has
    spoken with them for `silent_days` (0: it does not matter)."""

    manager_id: int | None = None
    kind: Literal["person", "company"] | None = None
    open_requests: bool = False
    silent_days: int = 0
    status_id: int | None = None
    role: Counterparty | None = None
    below: int | None = None
    fields: tuple[Condition, ...] = ()
    by: By = "latest"


async def listed(
    actor: Actor, wanted: Wanted, *, limit: int = 7, offset: int = 0
) -> tuple[list[Found], int]:
    """A page of the clients wanted, and how many there are. Not for use inside a command."""
    actor.require(Right.CLIENT_READ)
    query = Query()
    where = await conditions(actor, wanted, query)
    count = f"SELECT count(*) FROM client c WHERE {where}"  # noqa: S608 - put together from ours
    async with db.searching():
        total: int = await db.fetchval(count, *query.values)
        ids = await _page(where, query, wanted.by, (limit, offset))
    return await found(ids), total


async def page(actor: Actor, wanted: Wanted, *, limit: int, offset: int) -> list[int]:
    """The same as ids alone, uncounted: of everybody's clients there may be a million."""
    actor.require(Right.CLIENT_READ)
    query = Query()
    where = await conditions(actor, wanted, query)
    return await _page(where, query, wanted.by, (limit, offset))


async def _page(where: str, query: Query, by: By, part: tuple[int, int]) -> list[int]:
    limit, offset = part
    size, start = query.parameter(min(limit, LONGEST)), query.parameter(max(offset, 0))
    rows = await db.fetch(
        f"SELECT c.id FROM client c WHERE {where} ORDER BY {ORDERS[by]}"  # noqa: S608 - ours
        f" LIMIT {size} OFFSET {start}",
        *query.values,
    )
    return [row["id"] for row in rows]


async def conditions(actor: Actor, wanted: Wanted, query: Query) -> str:
    """What is wanted, of what this person may read, as SQL over `client c`; its values go into
    `query`."""
    parts = ["c.merged_into_id IS NULL"]
    if limited(actor):
        me, department = map(query.parameter, seen_by(actor))
        parts.append(visible(actor, me, department))
    parts += _talk(wanted, query)
    if wanted.manager_id is not None:
        parts.append(f"c.manager_id = {query.parameter(wanted.manager_id)}")
    if wanted.status_id is not None:
        parts.append(f"c.status_id = {query.parameter(wanted.status_id)}")
    if wanted.role is not None:
        role = query.parameter(wanted.role.value)
        parts.append(f"c.roles <> '[]'::jsonb AND c.roles ? {role}::text")
    if wanted.below is not None:
        parts.append(f"c.percent < {query.parameter(wanted.below)}")
    if wanted.fields:
        today = clock.now().astimezone(ZoneInfo(actor.timezone)).date()
        fields = Filter(await by_key("client"), "c.fields", today)
        parts.append(fields.where(wanted.fields, query))
    return " AND ".join(parts)


SILENT = """
c.created_at <= {since} AND NOT EXISTS (SELECT 1 FROM message m
  WHERE m.client_id = c.id AND m.at > {since} AND m.direction <> 'note')
AND NOT EXISTS (SELECT 1 FROM call k WHERE k.client_id = c.id AND k.started_at > {since})
"""


def _talk(wanted: Wanted, query: Query) -> list[str]:
    """Of which kind, with what open, silent how long."""
    parts = []
    if wanted.kind is not None:
        parts.append(f"c.kind = {query.parameter(wanted.kind)}")
    if wanted.open_requests:
        states = "('new', 'accepted')"
        parts.append(f"c.id IN (SELECT client_id FROM request WHERE state IN {states})")  # noqa: S608
    if wanted.silent_days:
        since = clock.now() - timedelta(days=wanted.silent_days)
        parts.append(SILENT.format(since=query.parameter(since)))
    return parts

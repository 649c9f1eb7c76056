"""Lists of clients by status, role, fields and how full their cards are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from crm_core.clients.queries import Found, found
from crm_core.clients.roles import Counterparty
from crm_core.fields.filters import Condition, Filter, Query
from crm_core.fields.queries import by_key
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right

By = Literal["latest", "emptiest", "fullest"]
ORDERS: dict[By, str] = {
    "latest": "touched_at DESC, id",
    # A card nobody asks anything of is neither full nor empty.
    "emptiest": "percent, id",
    "fullest": "percent DESC NULLS LAST, id",
}
LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which clients: all that is given must hold. `below`: fuller cards are left out."""

    manager_id: int | None = None
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
    count = f"SELECT count(*) FROM client WHERE {where}"  # noqa: S608 - put together from ours
    page = f"SELECT id FROM client WHERE {where} ORDER BY {ORDERS[wanted.by]}"  # noqa: S608
    async with db.searching():
        total: int = await db.fetchval(count, *query.values)
        size, start = query.parameter(min(limit, LONGEST)), query.parameter(max(offset, 0))
        rows = await db.fetch(f"{page} LIMIT {size} OFFSET {start}", *query.values)
    return await found([row["id"] for row in rows]), total


async def conditions(actor: Actor, wanted: Wanted, query: Query) -> str:
    """What is wanted as SQL over `client`; its values go into `query`."""
    parts = ["merged_into_id IS NULL"]
    if wanted.manager_id is not None:
        parts.append(f"manager_id = {query.parameter(wanted.manager_id)}")
    if wanted.status_id is not None:
        parts.append(f"status_id = {query.parameter(wanted.status_id)}")
    if wanted.role is not None:
        role = query.parameter(wanted.role.value)
        parts.append(f"roles <> '[]'::jsonb AND roles ? {role}::text")
    if wanted.below is not None:
        parts.append(f"percent < {query.parameter(wanted.below)}")
    if wanted.fields:
        today = clock.now().astimezone(ZoneInfo(actor.timezone)).date()
        fields = Filter(await by_key("client"), "client.fields", today)
        parts.append(fields.where(wanted.fields, query))
    return " AND ".join(parts)

"""Reading what clients are: one card's items, clients of a group with its subgroups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from crm_core.clients import queries as clients
from crm_core.clients.access import require_read, seen_by, visible
from crm_core.clients.locking import live
from crm_core.clients.queries import Found
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.i18n import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """An item on a card; `path` are titles from the top of its catalogue down to it."""

    item_id: int
    catalogue_id: int
    catalogue: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestView:
    """How a client first came. `who` is the client that recommended us; no `author_name`: a
    request told it by itself."""

    item_id: int
    channel: str
    impact: str | None
    source: str
    source_client_id: int | None
    who: str | None
    at: datetime
    author_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    client_id: int
    items: tuple[ItemView, ...]
    interest: InterestView | None


ITEMS = """
WITH RECURSIVE up AS (
  SELECT x.item_id, i.catalogue_id, i.parent_id, i.title, 0 AS step
  FROM client_item x JOIN catalogue_item i ON i.id = x.item_id WHERE x.client_id = $1
  UNION ALL
  SELECT up.item_id, up.catalogue_id, p.parent_id, p.title, step + 1
  FROM up JOIN catalogue_item p ON p.id = up.parent_id)
SELECT up.item_id, up.catalogue_id, c.title AS catalogue, c.key,
  array_agg(up.title ORDER BY step DESC) AS path
FROM up JOIN catalogue c ON c.id = up.catalogue_id
GROUP BY up.item_id, up.catalogue_id, c.title, c.key
ORDER BY c.key IS NULL, lower(c.title), path, up.item_id
"""
INTEREST = """
SELECT p.item_id, i.title AS channel, i.impact, p.source, p.source_client_id, p.at,
  e.name AS author_name
FROM primary_interest p JOIN catalogue_item i ON i.id = p.item_id
LEFT JOIN employee e ON e.id = p.author_id
WHERE p.client_id = $1
"""


async def classified(actor: Actor, client_id: int) -> Classified:
    """Everything a card is classified by; of a card folded into another one, that other."""
    actor.require(Right.CLIENT_READ)
    stands = await live(client_id)
    await require_read(actor, stands)
    rows = [dict(row) for row in await db.fetch(ITEMS, stands)]
    interest = await _interest(stands)
    return Classified(
        client_id=stands,
        items=tuple(_item(row) for row in rows),
        interest=interest,
    )


async def _interest(client_id: int) -> InterestView | None:
    """Whoever recommended us may have been merged into another card since, even into this one."""
    row = await db.fetchrow(INTEREST, client_id)
    if row is None:
        return None
    who = row["source_client_id"] and await live(row["source_client_id"])
    name = None
    if who and who != client_id:
        name = await db.fetchval("SELECT name FROM client WHERE id = $1", who)
    return InterestView(**row, who=name)


def _item(row: dict[str, Any]) -> ItemView:
    del row["key"]
    return ItemView(**row | {"path": tuple(row["path"])})


UNDER = """
WITH RECURSIVE under AS (
  SELECT id FROM catalogue_item WHERE id = $1
  UNION ALL SELECT i.id FROM catalogue_item i JOIN under u ON i.parent_id = u.id)
SELECT array_agg(id) FROM under
"""
THOSE = """
FROM (SELECT DISTINCT client_id FROM client_item WHERE item_id = ANY($1::bigint[])) x
JOIN client c ON c.id = x.client_id WHERE c.merged_into_id IS NULL AND {visible}
"""
PAGE = f"SELECT c.id {THOSE} ORDER BY c.touched_at DESC, c.id LIMIT $2 OFFSET $3"
COUNT = f"SELECT count(*) {THOSE}"


async def clients_under(
    actor: Actor, item_id: int, *, limit: int = 7, offset: int = 0
) -> tuple[list[Found], int]:
    """Clients with this item or any under it, the latest first, and how many there are."""
    total = await count_under(actor, item_id)
    if not total:
        return [], 0
    page = PAGE.format(visible=visible(actor, "$4", "$5"))
    rows = await db.fetch(page, await _under(item_id), limit, offset, *seen_by(actor))
    return await clients.found([row["id"] for row in rows]), total


async def count_under(actor: Actor, item_id: int) -> int:
    """How many clients have this item or any under it."""
    actor.require(Right.CLIENT_READ)
    count = COUNT.format(visible=visible(actor, "$2", "$3"))
    found: int = await db.fetchval(count, await _under(item_id), *seen_by(actor))
    return found


async def _under(item_id: int) -> list[int]:
    return await db.fetchval(UNDER, item_id) or []


@command("client.classification", title=N_("See what a client is"), right=Right.CLIENT_READ)
async def classification(actor: Actor, *, client_id: int) -> Classified:
    """Groups and other items of a client's card, and how they first came."""
    return await classified(actor, client_id)


@command("client.of_group", title=N_("List the clients of a group"), right=Right.CLIENT_READ)
async def of_group(
    actor: Actor,
    *,
    item_id: int,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
    offset: Annotated[int, Field(ge=0)] = 0,
) -> dict[str, Any]:
    """Clients with an item of a catalogue or any under it, and how many there are."""
    found, total = await clients_under(actor, item_id, limit=limit, offset=offset)
    return {"clients": found, "total": total}

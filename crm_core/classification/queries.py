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
SELECT p.item_id, i.title AS channel, i.impact, p.source, p.source_client_id, w.name AS who, p.at,
  e.name AS author_name
FROM primary_interest p JOIN catalogue_item i ON i.id = p.item_id
LEFT JOIN client w ON w.id = p.source_client_id LEFT JOIN employee e ON e.id = p.author_id
WHERE p.client_id = $1
"""


async def classified(actor: Actor, client_id: int) -> Classified:
    """Everything a card is classified by; of a card folded into another one, that other."""
    actor.require(Right.CLIENT_READ)
    stands = await live(client_id)
    await require_read(actor, stands)
    rows = [dict(row) for row in await db.fetch(ITEMS, stands)]
    interest = await db.fetchrow(INTEREST, stands)
    return Classified(
        client_id=stands,
        items=tuple(_item(row) for row in rows),
        interest=InterestView(**interest) if interest else None,
    )


def _item(row: dict[str, Any]) -> ItemView:
    del row["key"]
    return ItemView(**row | {"path": tuple(row["path"])})


UNDER = """
WITH RECURSIVE under AS (
  SELECT id FROM catalogue_item WHERE id = $1
  UNION ALL SELECT i.id FROM catalogue_item i JOIN under u ON i.parent_id = u.id)
SELECT c.id, count(*) OVER () AS total FROM client c
WHERE c.merged_into_id IS NULL AND {visible}
  AND EXISTS (SELECT 1 FROM client_item x WHERE x.client_id = c.id
              AND x.item_id IN (SELECT id FROM under))
ORDER BY c.touched_at DESC, c.id LIMIT $2 OFFSET $3
"""


async def clients_under(
    actor: Actor, item_id: int, *, limit: int = 7, offset: int = 0
) -> tuple[list[Found], int]:
    """Clients with this item or any under it, the latest first, and how many there are."""
    actor.require(Right.CLIENT_READ)
    under = UNDER.format(visible=visible(actor, "$4", "$5"))
    rows = await db.fetch(under, item_id, limit, offset, *seen_by(actor))
    return await clients.found([row["id"] for row in rows]), rows[0]["total"] if rows else 0


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

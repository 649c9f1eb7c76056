"""Everything known about whoever turns to us: cards, and open requests of people without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm_core.clients import queries as clients
from crm_core.clients.access import readable
from crm_core.clients.queries import ClientCard, Found
from crm_core.kernel import db
from crm_core.kernel.actors import Actor
from crm_core.requests import queries as requests
from crm_core.requests.capturing import query
from crm_core.requests.queries import RequestView

MOST_CLIENTS, MOST_REQUESTS = 5, 2


@dataclass(frozen=True, slots=True)
class Known:
    """Who it may be: cards, the surest first, and open requests of unknown people."""

    clients: tuple[Found, ...]
    requests: tuple[RequestView, ...]


async def known(viewer: Actor, person: dict[str, str]) -> Known:
    """By phone, mail, messenger name, INN or name; a name is asked only when the rest is silent."""
    found: dict[int, Found] = {}
    for text in query(person):
        if found and text == person.get("name"):
            break
        rows = await clients.search(viewer, text, limit=MOST_CLIENTS)
        if text == person.get("inn"):
            rows += await clients.found(await readable(viewer, await _by_inn(text)))
        found |= {one.id: one for one in rows if one.id not in found}
    return Known(tuple(found.values())[:MOST_CLIENTS], tuple(await _waiting(person)))


# A tax number stands among the other contacts of a card, alone or with words around it.
BY_INN = """
SELECT DISTINCT p.client_id FROM contact_point p JOIN client c ON c.id = p.client_id
WHERE p.kind = 'other' AND p.value LIKE '%' || $1 || '%' AND c.merged_into_id IS NULL LIMIT 5
"""


async def _by_inn(digits: str) -> list[int]:
    return [row["client_id"] for row in await db.fetch(BY_INN, digits)]


# People without a card whose requests are open: few, so they are simply walked through.
WAITING = """
SELECT id, person FROM request r WHERE r.client_id IS NULL AND r.state IN ('new', 'accepted')
  AND (r.person->>'phone' = $1 OR r.person->>'email' = $2 OR r.person->>'username' = $3
    OR lower(r.person->>'name') = lower($4))
ORDER BY r.id DESC LIMIT $5
"""


async def _waiting(person: dict[str, str]) -> list[RequestView]:
    keys = ("phone", "email", "username", "name")
    rows = await db.fetch(WAITING, *(person.get(one) for one in keys), MOST_REQUESTS)
    views = await requests.views([row["id"] for row in rows])
    return list(views.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """A chosen client: the card, open requests, and when and what was written last."""

    card: ClientCard
    requests: tuple[RequestView, ...]
    last_at: datetime | None
    last_text: str


LAST = """
SELECT at, text FROM message WHERE client_id = $1 AND direction <> 'note'
ORDER BY at DESC, id DESC LIMIT 1
"""


async def everything(viewer: Actor, client_id: int) -> Everything:
    """NotFound when there is no such card, Forbidden when it is not for this person."""
    card = await clients.card(viewer, client_id)
    found = await requests.of_client(card.id)
    last = await db.fetchrow(LAST, card.id)
    return Everything(
        card=card,
        requests=tuple(one for one in found if one.state in {"new", "accepted"}),
        last_at=last["at"] if last else None,
        last_text=last["text"] if last else "",
    )

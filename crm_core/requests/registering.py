"""A request comes in: once under its source's key, with its client when that is sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from crm_core.clients.access import require_read
from crm_core.clients.locking import live
from crm_core.duplicates import matching
from crm_core.duplicates.records import of_person
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.requests import rules
from crm_core.requests.clocking import measure
from crm_core.requests.events import RequestChanged, RequestRegistered
from crm_core.requests.shapes import About, Origin, Person

JSON = frozenset({"person", "items", "campaign", "details"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """`created` is False when the request was known; `candidates`: cards that have the same
    phone or address, when they are several and a person must choose."""

    request_id: int
    created: bool
    client_id: int | None
    candidates: tuple[int, ...] = ()


@command("request.register", title=N_("Register a request"), right=Right.DIALOG_WORK)
async def register(
    actor: Actor,
    *,
    origin: Origin,
    person: Person | None = None,
    about: About | None = None,
    client_id: int | None = None,
) -> Registered:
    """Register a request, or tell more about the one with the same channel and key.

    The client is found by phone and address when exactly one card has them.
    """
    told = rules.columns(person, about, origin.track)
    if client_id is not None:
        client_id = await live(client_id)
        await require_read(actor, client_id)
    candidates = [client_id] if client_id else await candidates_of(told)
    known = candidates[0] if len(candidates) == 1 else None
    request_id = await _insert(actor, origin, told, known)
    created = request_id is not None
    if request_id is None:
        request_id, known = await _tell_more(actor, origin, told, known)
    else:
        await measure(request_id)
        event = RequestRegistered(request_id=request_id, client_id=known, source=origin.source)
        await emit(event, actor=actor.key)
    several = tuple(candidates) if known is None else ()
    return Registered(request_id=request_id, created=created, client_id=known, candidates=several)


MOST = 10


async def candidates_of(told: Mapping[str, Any]) -> list[int]:
    """Live cards that have the person's phone or address."""
    person = told.get("person", {})
    asked = of_person("", phone=person.get("phone", ""), email=person.get("email", ""))
    found = await matching.of_person(asked)
    return sorted(one.client_id for one in found if one.match.touches)[:MOST]


INSERT = """
INSERT INTO request (kind, source, channel_id, external_key, chat, client_id, dialog_id, call_id,
  author_id, at, registered_at, queue_id, person, subject, text, items, amount, currency, campaign,
  visit, page, recording, details)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce($12,
  (SELECT queue_id FROM channel WHERE id = $3), (SELECT min(id) FROM queue WHERE is_default)),
  $13::jsonb, $14, $15, $16::jsonb, $17, $18, $19::jsonb, $20, $21, $22, $23::jsonb)
ON CONFLICT (channel_id, external_key) DO NOTHING RETURNING id
"""
EMPTY: dict[str, Any] = {
    "person": {},
    "subject": "",
    "text": "",
    "items": [],
    "amount": None,
    "currency": None,
    "campaign": {},
    "visit": None,
    "page": None,
    "recording": None,
    "details": {},
}


async def _insert(
    actor: Actor, origin: Origin, told: Mapping[str, Any], client_id: int | None
) -> int | None:
    """The new request's id; None when its key is known."""
    now = clock.now()
    found: int | None = await db.fetchval(
        INSERT,
        origin.kind,
        origin.source,
        origin.channel_id,
        origin.key,
        origin.chat,
        client_id,
        origin.dialog_id,
        origin.call_id,
        actor.id or None,
        min(origin.at or now, now),
        now,
        origin.queue_id,
        *(_stored(name, told.get(name, empty)) for name, empty in EMPTY.items()),
    )
    return found


def _stored(name: str, value: Any) -> Any:
    return orjson.dumps(value).decode() if name in JSON else value


KNOWN = """
SELECT id, client_id, person, subject, text, items, amount, currency, campaign, visit, page,
  recording, details FROM request WHERE channel_id = $1 AND external_key = $2 FOR UPDATE
"""


async def _tell_more(
    actor: Actor, origin: Origin, told: Mapping[str, Any], client_id: int | None
) -> tuple[int, int | None]:
    """Change what is told anew; (id, client id). A client once known stays."""
    row = await db.fetchrow(KNOWN, origin.channel_id, origin.key)
    assert row is not None  # noqa: S101 - the insert has just met it, and requests stay
    known = {name: orjson.loads(value) if name in JSON else value for name, value in row.items()}
    fresh = rules.changed(known, told)
    if row["client_id"] is None and client_id is not None:
        fresh["client_id"] = client_id
    if fresh:
        await _update(row["id"], fresh)
        event = RequestChanged(request_id=row["id"], client_id=row["client_id"] or client_id)
        await emit(event, actor=actor.key)
    return row["id"], row["client_id"] or client_id


async def _update(request_id: int, fresh: Mapping[str, Any]) -> None:
    """Column names are ours (rules.columns)."""
    parts = [
        f"{name} = ${place}{'::jsonb' if name in JSON else ''}"
        for place, name in enumerate(fresh, 2)
    ]
    sql = f"UPDATE request SET {', '.join(parts)}, version = version + 1 WHERE id = $1"  # noqa: S608
    await db.execute(sql, request_id, *(_stored(name, value) for name, value in fresh.items()))

"""Reading requests: lists, one request, counts for the home screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import orjson

from crm_core.clients.links import COMPANY
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import NotFound
from crm_core.requests import access

Which = Literal["new", "mine", "work", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request for cards and lists. `person`: name, phone, email, username, company as told;
    `key`: what its provider calls it."""

    id: int
    kind: str
    source: str
    channel_id: int
    channel_kind: str | None
    key: str | None
    chat: str | None
    client_id: int | None
    client_name: str | None
    dialog_id: int | None
    call_id: int | None
    person: dict[str, str]
    subject: str
    text: str
    items: list[dict[str, Any]]
    amount: Decimal | None
    currency: str | None
    campaign: dict[str, str]
    visit: str | None
    page: str | None
    recording: str | None
    details: dict[str, str]
    state: str
    outcome: str | None
    rejected_for: str | None
    comment: str | None
    queue_id: int | None
    queue_name: str | None
    responsible_id: int | None
    responsible_name: str | None
    offered_to_id: int | None
    offered_to_name: str | None
    reason: dict[str, Any]
    version: int
    at: datetime
    registered_at: datetime
    accepted_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    accept_by: datetime | None
    answer_by: datetime | None
    close_by: datetime | None
    late: list[str]
    company: str | None = None

    @property
    def title(self) -> str:
        """Who it is from, as far as anybody knows; empty when nobody does."""
        known = self.person
        return self.client_name or next(
            (
                known[one]
                for one in ("name", "company", "phone", "email", "username")
                if one in known
            ),
            "",
        )


VIEW = f"""
SELECT r.id, r.kind, r.source, r.channel_id, ch.kind AS channel_kind,
  r.external_key AS key, r.chat, r.client_id, c.name AS client_name,
  r.dialog_id, r.call_id, r.person, r.subject, r.text, r.items, r.amount, r.currency, r.campaign,
  r.visit, r.page, r.recording, r.details, r.state, r.outcome, r.rejected_for, r.comment,
  r.queue_id, q.name AS queue_name, r.responsible_id, a.name AS responsible_name,
  r.offered_to_id, o.name AS offered_to_name, r.reason, r.version, r.at, r.registered_at,
  r.accepted_at, r.answered_at, r.closed_at, r.accept_by, r.answer_by, r.close_by, r.late,
  {COMPANY.format(client="c")} AS company
FROM request r
LEFT JOIN channel ch ON ch.id = r.channel_id
LEFT JOIN client c ON c.id = r.client_id
LEFT JOIN queue q ON q.id = r.queue_id
LEFT JOIN employee a ON a.id = r.responsible_id
LEFT JOIN employee o ON o.id = r.offered_to_id
"""
JSON = ("person", "items", "campaign", "details", "reason", "late")


def _view(row: db.Row) -> RequestView:
    return RequestView(**dict(row) | {name: orjson.loads(row[name]) for name in JSON})


async def request(actor: Actor, request_id: int) -> RequestView:
    """One request, with rights; NotFound, Forbidden."""
    await access.require_read(actor, request_id)
    return await view(request_id)


async def view(request_id: int) -> RequestView:
    """One request for screens that were already entitled."""
    row = await db.fetchrow(f"{VIEW} WHERE r.id = $1", request_id)
    if row is None:
        raise NotFound(access.NO_REQUEST)
    return _view(row)


async def views(request_ids: Sequence[int]) -> dict[int, RequestView]:
    """Several at once, as `view`; unknown ones are left out."""
    rows = await db.fetch(f"{VIEW} WHERE r.id = ANY($1::bigint[])", request_ids)
    return {row["id"]: _view(row) for row in rows}


# What an employee may be asked to accept: put before them, or before everyone of their queue.
CONCERNED = """
(r.offered_to_id = $1 OR (r.offered_to_id IS NULL AND r.queue_id IN
  (SELECT queue_id FROM queue_member WHERE employee_id = $1)) OR $2)
"""
LISTS: dict[Which, str] = {
    "new": f"r.state = 'new' AND {CONCERNED}",
    "mine": "r.state = 'accepted' AND r.responsible_id = $1 AND ($2 OR true)",
    "work": f"r.state = 'accepted' AND ($2 OR {access.READERS})",
    "done": f"r.state IN ('rejected', 'done') AND ($2 OR {access.READERS})",
}


async def requests(
    actor: Actor, which: Which, *, source: str | None = None, limit: int = 7, offset: int = 0
) -> tuple[list[RequestView], int]:
    """A list: `new` ones one may accept, `mine`, in `work` with anybody, `done` or rejected.

    Returns the page and the whole count. Those who wait longest come first; of the done ones the
    latest.
    """
    where = f"{LISTS[which]} AND ($3::text IS NULL OR r.source = $3)"
    known = (actor.id, actor.may(Right.DIALOG_ALL), source)
    total = await db.fetchval(f"SELECT count(*) FROM request r WHERE {where}", *known)
    order = "r.closed_at DESC" if which == "done" else "r.registered_at"
    rows = await db.fetch(
        f"{VIEW} WHERE {where} ORDER BY {order}, r.id LIMIT $4 OFFSET $5", *known, limit, offset
    )
    return [_view(row) for row in rows], total


async def sources(actor: Actor, which: Which) -> list[tuple[str, int]]:
    """Sources of a list and how many of it each has brought, the most first."""
    rows = await db.fetch(
        f"SELECT r.source, count(*) AS n FROM request r WHERE {LISTS[which]}"
        " GROUP BY r.source ORDER BY n DESC, r.source LIMIT 12",
        actor.id,
        actor.may(Right.DIALOG_ALL),
    )
    return [(row["source"], row["n"]) for row in rows]


COUNTS = f"""
SELECT count(*) FILTER (WHERE r.state = 'new' AND {CONCERNED}) AS new,
  count(*) FILTER (WHERE r.state = 'accepted' AND r.responsible_id = $1) AS mine
FROM request r WHERE r.state = 'new' OR (r.state = 'accepted' AND r.responsible_id = $1)
"""


async def counts(actor: Actor) -> dict[str, int]:
    """Numbers for the home screen: new, mine."""
    return dict(await db.fetchrow(COUNTS, actor.id, actor.may(Right.DIALOG_ALL)) or {})


async def of_client(client_id: int, *, limit: int = 5) -> list[RequestView]:
    """The latest requests of a card, open ones first."""
    rows = await db.fetch(
        f"{VIEW} WHERE r.client_id = $1"
        " ORDER BY r.state IN ('new', 'accepted') DESC, r.at DESC, r.id DESC LIMIT $2",
        client_id,
        limit,
    )
    return [_view(row) for row in rows]

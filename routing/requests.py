"""Distribution of requests: by the queue's strategy, to people on shift, on when nobody accepts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson

from crm_core.dialogs import access as loads
from crm_core.kernel import clock, db
from crm_core.kernel.journal import Event, emit
from crm_core.kernel.timers import set_timer
from crm_core.requests import access
from crm_core.requests.commands import OFFER_TIMER
from crm_core.requests.events import RequestOffered, RequestOfferWithdrawn
from routing.assignment import case_of, note_turns, people_of
from routing.strategies import Decision, decide_all

__all__ = ["OFFER_TIMER", "drain", "lapse", "offer", "release", "show_common"]

CASES = """
SELECT r.id, r.client_id, r.declined, c.manager_id AS client_manager_id, r.queue_id,
  coalesce(q.strategy, 'everyone') AS strategy, coalesce(q.overflow_seconds, 120) AS overflow
FROM request r LEFT JOIN client c ON c.id = r.client_id LEFT JOIN queue q ON q.id = r.queue_id
WHERE r.id = ANY($1::bigint[]) AND r.state = 'new' ORDER BY r.registered_at, r.id
"""


async def offer(request_ids: Sequence[int]) -> list[Event]:
    """Find somebody for new requests; returns the facts to be told. Their rows must be held."""
    cases = await db.fetch(CASES, list(request_ids))
    if not cases:
        return []
    people = await people_of(cases)
    now = clock.now()
    decisions = decide_all([case_of(row) for row in cases], people, now)
    await _write(decisions, now)
    for row in cases:
        if decisions[row["id"]].one is not None:
            due = now + timedelta(seconds=row["overflow"])
            await set_timer(OFFER_TIMER, str(row["id"]), due)
    return [
        _offered(row, decisions[row["id"]]) for row in cases if decisions[row["id"]].employee_ids
    ]


def _offered(row: db.Row, decision: Decision) -> Event:
    return RequestOffered(
        request_id=row["id"],
        client_id=row["client_id"],
        employee_ids=list(decision.employee_ids),
        reason=decision.reason,
    )


OFFER = """
UPDATE request SET offered_to_id = u.e, offered_at = $4, reason = u.r::jsonb, version = version + 1
FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS u(r_id, e, r)
WHERE id = u.r_id AND (offered_to_id IS DISTINCT FROM u.e OR reason <> u.r::jsonb)
"""


async def _write(decisions: dict[int, Decision], now: datetime) -> None:
    ids = list(decisions)
    holders = [decisions[one].one for one in ids]
    reasons = [orjson.dumps(decisions[one].reason).decode() for one in ids]
    await db.execute(OFFER, ids, holders, reasons, now)
    await note_turns([one for one in holders if one is not None])


# Unoffered requests for which somebody has room, oldest first.
WAITING = """
SELECT r.id FROM request r LEFT JOIN client c ON c.id = r.client_id
WHERE r.state = 'new' AND r.offered_to_id IS NULL
  AND coalesce(r.reason->>'why', '') NOT IN ('everyone', 'all_declined')
  AND EXISTS (SELECT 1 FROM employee e
    WHERE e.active AND e.presence = 'on' AND e.load < e.capacity
      AND (e.id = c.manager_id OR EXISTS (SELECT 1 FROM queue_member m
        WHERE m.queue_id = r.queue_id AND m.employee_id = e.id)))
ORDER BY r.registered_at, r.id LIMIT 200 FOR UPDATE OF r SKIP LOCKED
"""


async def drain() -> None:
    """Offer what waits, as far as there are people for it."""
    ids = [row["id"] for row in await db.fetch(WAITING)]
    if ids:
        await emit(*await offer(ids))


async def lapse(key: str, _data: dict[str, object]) -> None:
    """Timer: nobody accepted request `key` in time; it goes to the next person."""
    row = await access.locked(int(key))
    if row["state"] != "new" or row["offered_to_id"] is None:
        return
    await withdraw([row["id"]], "lapsed")
    await emit(*await offer([row["id"]]))


# Whoever is asked, or may be asked next: held in one order by everybody (as for dialogs).
CONCERNED = """
SELECT id FROM employee WHERE id IN (
  SELECT unnest(ARRAY[r.responsible_id, r.offered_to_id, c.manager_id]) FROM request r
    LEFT JOIN client c ON c.id = r.client_id WHERE r.id = ANY($1::bigint[])
  UNION ALL SELECT m.employee_id FROM queue_member m
    JOIN request r ON r.queue_id = m.queue_id WHERE r.id = ANY($1::bigint[]))
ORDER BY id FOR UPDATE
"""
# Those who let an offer pass are asked again only after everybody else.
WITHDRAW = """
UPDATE request r SET offered_to_id = NULL, offered_at = NULL,
  declined = CASE WHEN $2 THEN r.declined || to_jsonb(old.offered_to_id) ELSE r.declined END,
  version = r.version + 1
FROM request old WHERE old.id = r.id AND r.id = ANY($1::bigint[]) AND r.state = 'new'
  AND old.offered_to_id IS NOT NULL
RETURNING r.id, r.client_id, old.offered_to_id AS employee_id
"""


async def withdraw(request_ids: Sequence[int], why: str) -> None:
    """Take offers back: `lapsed` (counts as passed on) or `off_shift`."""
    await db.fetch(CONCERNED, list(request_ids))
    rows = await db.fetch(WITHDRAW, list(request_ids), why == "lapsed")
    await loads.refresh_load(*(row["employee_id"] for row in rows))
    await emit(
        *(
            RequestOfferWithdrawn(
                request_id=row["id"],
                client_id=row["client_id"],
                employee_id=row["employee_id"],
                why=why,
            )
            for row in rows
        )
    )


HELD = """
SELECT id FROM request WHERE state = 'new' AND offered_to_id = $1
ORDER BY id FOR UPDATE SKIP LOCKED
"""


async def release(employee_id: int) -> None:
    """Offers to somebody who goes are taken back, and made to others, at once."""
    ids = [row["id"] for row in await db.fetch(HELD, employee_id)]
    if ids:
        await withdraw(ids, "off_shift")
        await emit(*await offer(ids))


# A request that everybody of the queue sees is shown to whoever comes on shift, too.
COMMON = """
SELECT r.id, r.client_id FROM request r
JOIN queue_member m ON m.queue_id = r.queue_id AND m.employee_id = $1
WHERE r.state = 'new' AND r.offered_to_id IS NULL
  AND r.reason->>'why' IN ('everyone', 'all_declined') AND r.offered_at < $2
ORDER BY r.registered_at LIMIT 200
"""


async def show_common(employee_id: int, came_at: datetime) -> None:
    """Those that were shown to all before this person came: the later ones they have seen."""
    await emit(
        *(
            RequestOffered(
                request_id=row["id"],
                client_id=row["client_id"],
                employee_ids=[employee_id],
                reason={"why": "everyone"},
            )
            for row in await db.fetch(COMMON, employee_id, came_at)
        )
    )

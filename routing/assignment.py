"""Putting dialogs before people: rows locked, decided, written with the reason, all in one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import orjson

from crm_core.dialogs import access
from crm_core.dialogs.commands import OFFER_TIMER
from crm_core.dialogs.events import DialogOffered, OfferWithdrawn
from crm_core.kernel import clock, db
from crm_core.kernel.journal import Event, emit
from crm_core.kernel.timers import set_timer
from routing.strategies import Candidate, Case, Decision, decide_all

CASES = """
SELECT d.id, d.client_id, d.declined, c.manager_id AS client_manager_id, d.queue_id,
  coalesce(q.strategy, 'everyone') AS strategy, coalesce(q.overflow_seconds, 120) AS overflow
FROM dialog d JOIN client c ON c.id = d.client_id LEFT JOIN queue q ON q.id = d.queue_id
WHERE d.id = ANY($1::bigint[]) AND d.state = 'waiting' ORDER BY d.opened_at, d.id
"""
# Everybody who might be chosen, held in one order until the loads are written.
PEOPLE = """
SELECT id, name, presence, load, capacity, last_assigned_at FROM employee e
WHERE active AND (id = ANY($1::bigint[])
  OR id IN (SELECT employee_id FROM queue_member WHERE queue_id = ANY($2::bigint[])))
ORDER BY id FOR UPDATE
"""
MEMBERS = (
    "SELECT queue_id, employee_id, position FROM queue_member WHERE queue_id = ANY($1::bigint[])"
)
OFFER = """
UPDATE dialog SET offered_to_id = u.e, offered_at = $4, reason = u.r::jsonb, version = version + 1
FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS u(d, e, r)
WHERE id = u.d AND (offered_to_id IS DISTINCT FROM u.e OR reason <> u.r::jsonb)
"""


async def offer(dialog_ids: Sequence[int]) -> list[Event]:
    """Find somebody for waiting dialogs; returns the facts to be told.

    In the transaction in force; the dialogs' rows must be held by it.
    """
    cases = await db.fetch(CASES, list(dialog_ids))
    if not cases:
        return []
    people = await people_of(cases)
    now = clock.now()
    decisions = decide_all([case_of(row) for row in cases], people, now)
    await _write(decisions)
    for row in cases:
        if decisions[row["id"]].one is not None:
            due = now + timedelta(seconds=row["overflow"])
            await set_timer(OFFER_TIMER, str(row["id"]), due)
    return [
        DialogOffered(
            dialog_id=row["id"],
            client_id=row["client_id"],
            employee_ids=list(decisions[row["id"]].employee_ids),
            reason=decisions[row["id"]].reason,
        )
        for row in cases
        if decisions[row["id"]].employee_ids
    ]


def case_of(row: db.Row) -> Case:
    """A row of CASES as the decision sees it."""
    return Case(
        id=row["id"],
        strategy=row["strategy"],
        client_manager_id=row["client_manager_id"],
        declined=frozenset(orjson.loads(row["declined"])),
    )


async def people_of(cases: Sequence[db.Row]) -> dict[int, Sequence[Candidate]]:
    """Candidates of each case: its queue's members and its client's manager; held."""
    queues = sorted({row["queue_id"] for row in cases if row["queue_id"]})
    managers = sorted({row["client_manager_id"] for row in cases if row["client_manager_id"]})
    rows = {row["id"]: row for row in await db.fetch(PEOPLE, managers, queues)}
    places: dict[int, dict[int, int]] = {}
    for member in await db.fetch(MEMBERS, queues):
        places.setdefault(member["queue_id"], {})[member["employee_id"]] = member["position"]
    return {row["id"]: _candidates(row, rows, places) for row in cases}


def _candidates(
    case: db.Row, rows: dict[int, db.Row], places: dict[int, dict[int, int]]
) -> list[Candidate]:
    members = places.get(case["queue_id"], {})
    return [
        Candidate(**dict(row), member=id_ in members, position=members.get(id_, 0))
        for id_, row in rows.items()
        if id_ in members or id_ == case["client_manager_id"]
    ]


async def _write(decisions: dict[int, Decision]) -> None:
    ids = list(decisions)
    now = clock.now()
    await db.execute(
        OFFER,
        ids,
        [decisions[one].one for one in ids],
        [orjson.dumps(decisions[one].reason).decode() for one in ids],
        now,
    )
    chosen = [found for one in ids if (found := decisions[one].one) is not None]
    await note_turns(chosen)


async def note_turns(chosen: Sequence[int]) -> None:
    """These people were asked, in this order; their loads are counted anew."""
    if chosen:
        # The order within the batch stays visible to the next round of turns.
        await db.execute(TURNS, chosen, clock.now())
        await access.refresh_load(*chosen)


TURNS = """
UPDATE employee SET last_assigned_at = $2::timestamptz + t.n * interval '1 microsecond'
FROM (SELECT e, max(n) AS n FROM unnest($1::bigint[]) WITH ORDINALITY AS u(e, n) GROUP BY e) AS t
WHERE id = t.e
"""


# Whoever has these dialogs, is asked, or may be asked next: held in one order by everybody, so
# that two changes of owners wait for each other and never in a ring.
CONCERNED = """
SELECT id FROM employee WHERE id IN (
  SELECT unnest(ARRAY[d.assignee_id, d.offered_to_id, c.manager_id]) FROM dialog d
    JOIN client c ON c.id = d.client_id WHERE d.id = ANY($1::bigint[])
  UNION ALL SELECT m.employee_id FROM queue_member m
    JOIN dialog d ON d.queue_id = m.queue_id WHERE d.id = ANY($1::bigint[]))
ORDER BY id FOR UPDATE
"""


async def hold_people(dialog_ids: Sequence[int]) -> None:
    """Hold everybody whose load may change when these dialogs change hands."""
    await db.fetch(CONCERNED, list(dialog_ids))


async def lapse(key: str, _data: dict[str, object]) -> None:
    """Timer: nobody accepted dialog `key` in time; it goes to the next person."""
    row = await access.locked(int(key))
    holder = row["offered_to_id"]
    if row["state"] != "waiting" or holder is None:
        return
    await withdraw([row["id"]], "lapsed")
    await emit(*await offer([row["id"]]))


# Those who let an offer pass are asked again only after everybody else.
WITHDRAW = """
UPDATE dialog d SET offered_to_id = NULL, offered_at = NULL,
  declined = CASE WHEN $2 THEN d.declined || to_jsonb(old.offered_to_id) ELSE d.declined END,
  version = d.version + 1
FROM dialog old WHERE old.id = d.id AND d.id = ANY($1::bigint[]) AND d.state = 'waiting'
  AND old.offered_to_id IS NOT NULL
RETURNING d.id, d.client_id, old.offered_to_id AS employee_id
"""


async def withdraw(dialog_ids: Sequence[int], why: str) -> None:
    """Take offers back: `lapsed` (counts as passed on) or `off_shift`."""
    await hold_people(dialog_ids)
    rows = await db.fetch(WITHDRAW, list(dialog_ids), why == "lapsed")
    await access.refresh_load(*(row["employee_id"] for row in rows))
    await emit(
        *(
            OfferWithdrawn(
                dialog_id=row["id"],
                client_id=row["client_id"],
                employee_id=row["employee_id"],
                why=why,
            )
            for row in rows
        )
    )

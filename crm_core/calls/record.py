"""Writing down what a PBX adapter saw: each call once, whatever is told twice or late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from crm_core.calls.callers import clients_of
from crm_core.calls.facts import Before, Ids, facts
from crm_core.calls.legs import write_legs
from crm_core.calls.rules import outside_number
from crm_core.calls.shapes import CallSeen
from crm_core.calls.writing import UPSERT, call_row
from crm_core.kernel import db
from crm_core.kernel.journal import Event, emit

PEOPLE = (
    "SELECT extension, id FROM employee WHERE active AND extension = ANY($1::text[]) ORDER BY id"
)
BEFORE = """
SELECT c.id, c.key, c.state, c.answered_at, c.employee_id, c.queue, c.recording, c.outcome,
  jsonb_array_length(c.transfers) AS transfers,
  (SELECT coalesce(jsonb_object_agg(l.key, l.outcome), '{}') FROM call_leg l WHERE l.call_id = c.id)
    AS legs
FROM call c WHERE c.pbx_id = $1 AND c.key = ANY($2::text[]) ORDER BY c.key FOR UPDATE OF c
"""


async def record(pbx_id: int, calls: Sequence[CallSeen]) -> None:
    """Write calls and their legs as they are now, and tell what is new about them."""
    newest = {call.key: call for call in calls}
    if newest:
        await db.atomically(lambda: _record(pbx_id, newest))


async def _record(pbx_id: int, calls: Mapping[str, CallSeen]) -> None:
    people = await _people(calls.values())
    numbers = {key: outside_number(call.number) for key, call in calls.items()}
    clients = await clients_of([one for one in numbers.values() if one])
    before = {row["key"]: _before(row) for row in await db.fetch(BEFORE, pbx_id, list(calls))}
    rows = [
        call_row(call, numbers[key], clients.get(numbers[key] or ""), people)
        for key, call in calls.items()
    ]
    written = await db.fetch(UPSERT, pbx_id, orjson.dumps(rows).decode())
    legs = await write_legs({row["key"]: row["id"] for row in written}, calls, people)
    told: list[Event] = []
    for row in sorted(written, key=lambda row: calls[row["key"]].started_at):
        ids = Ids(row["id"], row["client_id"], numbers[row["key"]], legs[row["id"]], people)
        told += facts(before.get(row["key"]), calls[row["key"]], ids)
    await emit(*told)


async def _people(calls: Any) -> dict[str, int]:
    extensions = list({leg.extension for call in calls for leg in call.legs})
    return {row["extension"]: row["id"] for row in await db.fetch(PEOPLE, extensions)}


def _before(row: db.Row) -> Before:
    return Before(
        state=row["state"],
        answered=row["answered_at"] is not None,
        employee_id=row["employee_id"],
        queue=row["queue"],
        recording=row["recording"],
        outcome=row["outcome"],
        transfers=row["transfers"],
        legs=orjson.loads(row["legs"]),
    )

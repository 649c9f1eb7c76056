"""Writing down what a PBX adapter saw: each call once, whatever is told twice or late."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from crm_core.calls.facts import Before, Ids, facts
from crm_core.calls.rules import outside_number
from crm_core.calls.shapes import CallSeen
from crm_core.kernel import db
from crm_core.kernel.journal import Event, emit

PEOPLE = (
    "SELECT extension, id FROM employee WHERE active AND extension = ANY($1::text[]) ORDER BY id"
)
CLIENTS = """
SELECT DISTINCT ON (p.value) p.value, p.client_id FROM contact_point p
JOIN client c ON c.id = p.client_id AND c.merged_into_id IS NULL
WHERE p.kind = 'phone' AND p.value = ANY($1::text[])
ORDER BY p.value, c.touched_at DESC, c.id
"""
BEFORE = """
SELECT c.id, c.key, c.state, c.answered_at, c.employee_id, c.queue, c.recording, c.outcome,
  jsonb_array_length(c.transfers) AS transfers,
  (SELECT coalesce(jsonb_object_agg(l.key, l.outcome), '{}') FROM call_leg l WHERE l.call_id = c.id)
    AS legs
FROM call c WHERE c.pbx_id = $1 AND c.key = ANY($2::text[]) ORDER BY c.key FOR UPDATE OF c
"""
TYPES = """
  key text, direction text, state text, number text, caller_name text, did text, queue text,
  client_id bigint, employee_id bigint, started_at timestamptz, answered_at timestamptz,
  ended_at timestamptz, outcome text, wait_seconds float8, talk_seconds float8,
  hold_seconds float8, hung_up_by text, cause int, transfers jsonb, recording text, part_of text
"""
# What has ended stays so: a late view of a living call is not believed.
UPSERT = f"""
INSERT INTO call (pbx_id, key, direction, state, number, caller_name, did, queue, client_id,
  employee_id, started_at, answered_at, ended_at, outcome, wait_seconds, talk_seconds,
  hold_seconds, hung_up_by, cause, transfers, recording, part_of, route, ordered_by_id, origin)
SELECT $1, t.key, t.direction, t.state, coalesce(t.number, d.number), t.caller_name, t.did, t.queue,
  coalesce(d.client_id, t.client_id), t.employee_id, t.started_at, t.answered_at, t.ended_at,
  t.outcome, t.wait_seconds, t.talk_seconds, t.hold_seconds, t.hung_up_by, t.cause, t.transfers,
  t.recording, t.part_of,
  (SELECT r.reason FROM call_route r WHERE r.pbx_id = $1 AND r.key = t.key), d.actor_id, d.origin
FROM jsonb_to_recordset($2::jsonb) AS t({TYPES}) LEFT JOIN LATERAL (
  SELECT actor_id, nullif(data->'origin', 'null') AS origin,
    (data->>'client_id')::bigint AS client_id, data->>'number' AS number
  FROM call_order o WHERE o.pbx_id = $1 AND o.call_key = t.key AND o.verb = 'dial' LIMIT 1
) AS d ON true ORDER BY t.key
ON CONFLICT (pbx_id, key) DO UPDATE SET direction = excluded.direction, state = excluded.state,
  caller_name = excluded.caller_name, employee_id = excluded.employee_id,
  answered_at = excluded.answered_at, ended_at = excluded.ended_at, outcome = excluded.outcome,
  wait_seconds = excluded.wait_seconds, talk_seconds = excluded.talk_seconds,
  hold_seconds = excluded.hold_seconds, hung_up_by = excluded.hung_up_by, cause = excluded.cause,
  transfers = excluded.transfers, version = call.version + 1,
  number = coalesce(excluded.number, call.number), did = coalesce(excluded.did, call.did),
  queue = coalesce(excluded.queue, call.queue), route = coalesce(excluded.route, call.route),
  recording = coalesce(excluded.recording, call.recording),
  part_of = coalesce(excluded.part_of, call.part_of),
  client_id = coalesce(call.client_id, excluded.client_id)
WHERE call.state <> 'ended' OR excluded.state = 'ended'
RETURNING id, key, client_id
"""  # noqa: S608 - of constants
LEGS = """
INSERT INTO call_leg (call_id, key, extension, employee_id, how, rang_at, answered_at, ended_at,
  outcome, talk_seconds, hold_seconds)
SELECT * FROM jsonb_to_recordset($1::jsonb) AS t(call_id bigint, key text, extension text,
  employee_id bigint, how text, rang_at timestamptz, answered_at timestamptz,
  ended_at timestamptz, outcome text, talk_seconds float8, hold_seconds float8)
ORDER BY call_id, rang_at, key
ON CONFLICT (call_id, key) DO UPDATE SET how = excluded.how, answered_at = excluded.answered_at,
  ended_at = excluded.ended_at, outcome = excluded.outcome, talk_seconds = excluded.talk_seconds,
  hold_seconds = excluded.hold_seconds
RETURNING id, call_id, key
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
        _row(call, numbers[key], clients.get(numbers[key] or ""), people)
        for key, call in calls.items()
    ]
    written = await db.fetch(UPSERT, pbx_id, orjson.dumps(rows).decode())
    legs = await _write_legs({row["key"]: row["id"] for row in written}, calls, people)
    told: list[Event] = []
    for row in sorted(written, key=lambda row: calls[row["key"]].started_at):
        ids = Ids(row["id"], row["client_id"], numbers[row["key"]], legs[row["id"]], people)
        told += facts(before.get(row["key"]), calls[row["key"]], ids)
    await emit(*told)


async def _people(calls: Any) -> dict[str, int]:
    extensions = list({leg.extension for call in calls for leg in call.legs})
    return {row["extension"]: row["id"] for row in await db.fetch(PEOPLE, extensions)}


async def clients_of(numbers: Sequence[str]) -> dict[str, int]:
    """Clients by E.164 number; of several cards with one number the one touched last."""
    if not numbers:
        return {}
    return {row["value"]: row["client_id"] for row in await db.fetch(CLIENTS, list(numbers))}


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


def _row(
    call: CallSeen, number: str | None, client_id: int | None, people: Mapping[str, int]
) -> dict[str, Any]:
    row = {field.name: getattr(call, field.name) for field in dataclasses.fields(call)}
    del row["legs"]
    row["number"], row["client_id"] = number, client_id
    row["employee_id"] = people.get(call.talker or "")
    row["transfers"] = [dataclasses.asdict(one) for one in call.transfers]
    return row


async def _write_legs(
    ids: Mapping[str, int], calls: Mapping[str, CallSeen], people: Mapping[str, int]
) -> dict[int, dict[str, int]]:
    """Leg ids by call id and leg key."""
    rows = [
        {
            "call_id": call_id,
            "employee_id": people.get(leg.extension),
            **{field.name: getattr(leg, field.name) for field in dataclasses.fields(leg)},
        }
        for key, call_id in ids.items()
        for leg in calls[key].legs
    ]
    found: dict[int, dict[str, int]] = {call_id: {} for call_id in ids.values()}
    if rows:
        for row in await db.fetch(LEGS, orjson.dumps(rows).decode()):
            found[row["call_id"]][row["key"]] = row["id"]
    return found

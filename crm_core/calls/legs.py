"""Rows of a call's legs: each phone that took part."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import orjson

from crm_core.calls.shapes import CallSeen
from crm_core.kernel import db

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


async def write_legs(
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

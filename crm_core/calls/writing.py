"""Rows of calls: what has ended stays so, what is known is not forgotten."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from crm_core.calls.shapes import CallSeen

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


def call_row(
    call: CallSeen, number: str | None, client_id: int | None, people: Mapping[str, int]
) -> dict[str, Any]:
    row = {field.name: getattr(call, field.name) for field in dataclasses.fields(call)}
    del row["legs"]
    row["number"], row["client_id"] = number, client_id
    row["employee_id"] = people.get(call.talker or "")
    row["transfers"] = [dataclasses.asdict(one) for one in call.transfers]
    return row

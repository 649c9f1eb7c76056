"""Facts for a call's routing from the rows, and the answer with its reason written down."""

from __future__ import annotations

from datetime import timedelta

import orjson

from crm_core.calls.rules import outside_number
from crm_core.clients.links import RESPONSIBLE
from crm_core.kernel import clock, db
from routing.calls.rules import Answer, Facts, Opening, Phone, Question, decide

CALLER = f"""
SELECT r.kind AS rule, r.extension AS vip_extension, m.manager_id
FROM (SELECT 1) AS one LEFT JOIN caller_rule r ON r.number = $1 LEFT JOIN LATERAL (
  SELECT {RESPONSIBLE.format(client="c")} AS manager_id FROM contact_point p
  JOIN client c ON c.id = p.client_id AND c.merged_into_id IS NULL
  WHERE p.kind = 'phone' AND p.value = $1 ORDER BY c.touched_at DESC, c.id LIMIT 1) AS m ON true
"""  # noqa: S608 - of constants
PHONES = """
WITH wanted AS (
  SELECT id FROM queue WHERE name = $6 OR is_default ORDER BY name = $6 DESC LIMIT 1),
busy AS MATERIALIZED (
  SELECT DISTINCT l.employee_id FROM call c JOIN call_leg l ON l.call_id = c.id
  WHERE c.state <> 'ended' AND c.started_at > $3 AND (c.pbx_id, c.key) <> ($4, $5)
    AND l.employee_id IS NOT NULL AND l.ended_at IS NULL)
SELECT e.id AS employee_id, e.extension, e.presence, q.id IS NOT NULL AS member,
  coalesce(q.position, 0) AS position, coalesce(q.strategy, '') AS strategy,
  coalesce(q.name, '') AS queue,
  e.id IN (SELECT employee_id FROM busy) AS busy,
  t.last_call_at, coalesce(t.calls_today, 0) AS calls_today
FROM employee e
LEFT JOIN LATERAL (SELECT m.id, m.position, q.strategy, q.name FROM queue_member m
  JOIN queue q ON q.id = m.queue_id AND q.id = (SELECT id FROM wanted)
  WHERE m.employee_id = e.id) AS q ON true
LEFT JOIN LATERAL (SELECT max(l.rang_at) AS last_call_at, count(*) AS calls_today FROM call_leg l
  WHERE l.employee_id = e.id AND l.rang_at > $2) AS t ON true
WHERE e.active AND e.extension IS NOT NULL AND (q.id IS NOT NULL OR e.id = $1)
"""
# One answer after the other: the first, and those after somebody did not pick up.
NOTE = """
INSERT INTO call_route (pbx_id, key, at, reason)
VALUES ($1, $2, $3, jsonb_build_object('steps', jsonb_build_array($4::jsonb)))
ON CONFLICT (pbx_id, key) DO UPDATE
SET reason = jsonb_build_object('steps', call_route.reason->'steps' || $4::jsonb)
"""
OF_QUEUE = frozenset({"strategy", "queue"})
TODAY = timedelta(hours=12)
# A call that was never seen to end makes nobody busy for ever.
LONGEST_CALL = timedelta(hours=6)


async def answer(pbx_id: int, question: Question, opening: Opening) -> Answer:
    """Decide and write the reason; the call's row carries it once the call is recorded."""
    found = decide(question, await _facts(pbx_id, question, opening))
    now = clock.now()
    step = {**found.reason, "rang": list(found.extensions), "tried": list(question.tried)}
    await db.execute(NOTE, pbx_id, question.key, now, orjson.dumps(step).decode())
    return found


async def _facts(pbx_id: int, question: Question, opening: Opening) -> Facts:
    number = outside_number(question.caller)
    caller = await db.fetchrow(CALLER, number)
    assert caller is not None  # noqa: S101 - always one row
    now = clock.now()
    rows = await db.fetch(
        PHONES,
        caller["manager_id"],
        now - TODAY,
        now - LONGEST_CALL,
        pbx_id,
        question.key,
        opening.target,
    )
    return Facts(
        **caller,
        strategy=next((row["strategy"] for row in rows if row["strategy"]), "least_loaded"),
        queue=next((row["queue"] for row in rows if row["queue"]), ""),
        phones=tuple(
            Phone(**{key: value for key, value in row.items() if key not in OF_QUEUE})
            for row in rows
        ),
        opening=opening,
    )


async def forget_old() -> None:
    """Answers whose calls never came."""
    await db.execute("DELETE FROM call_route WHERE at < $1", clock.now() - timedelta(days=2))

"""The PBX's own log against what was recorded: what lacks is added, what was unsure is settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from crm_core.calls.callers import clients_of
from crm_core.calls.record import record
from crm_core.calls.rules import outside_number
from crm_core.calls.shapes import CallSeen
from crm_core.kernel import db

STORED = """
SELECT key, state, outcome FROM call WHERE pbx_id = $1 AND key = ANY($2::text[])
"""
SEEN = "UPDATE call SET seen_in_log = true WHERE pbx_id = $1 AND key = ANY($2::text[])"
FILL = """
UPDATE call SET number = u.number, client_id = coalesce(client_id, u.client), version = version + 1
FROM unnest($2::text[], $3::text[], $4::bigint[]) AS u(key, number, client)
WHERE call.pbx_id = $1 AND call.key = u.key AND call.number IS NULL
  AND call.direction <> 'internal'
"""
# A PBX's log from before it was connected is nobody's business here.
CONNECTED = "SELECT created_at FROM pbx WHERE id = $1"


async def reconcile(pbx_id: int, logged: Sequence[CallSeen]) -> int:
    """Take ended calls of the log; returns how many were added or settled. Idempotent."""
    since = await db.fetchval(CONNECTED, pbx_id)
    # Logs count whole seconds.
    calls = {call.key: call for call in logged if call.started_at > since - timedelta(seconds=1)}
    if not calls:
        return 0
    async with db.transaction():
        stored = {row["key"]: row for row in await db.fetch(STORED, pbx_id, list(calls))}
        wrong = [call for key, call in calls.items() if _unsure(stored.get(key))]
        await record(pbx_id, wrong)
        await _fill(pbx_id, [call for call in calls.values() if call not in wrong])
        await db.execute(SEEN, pbx_id, list(calls))
    return len(wrong)


async def _fill(pbx_id: int, calls: Sequence[CallSeen]) -> None:
    """Numbers that were not heard."""
    told = {call.key: number for call in calls if (number := outside_number(call.number))}
    clients = await clients_of(list(set(told.values())))
    ids = [clients.get(number) for number in told.values()]
    await db.execute(FILL, pbx_id, list(told), list(told.values()), ids)


def _unsure(row: db.Row | None) -> bool:
    return row is None or row["state"] != "ended" or row["outcome"] in {None, "unknown"}

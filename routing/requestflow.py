"""What moves requests: they come in, people come and go, work is done, answers are given."""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.calls.events import CallAnswered
from crm_core.dialogs.access import refresh_load
from crm_core.dialogs.events import DialogClosed, DialogSnoozed, DialogTransferred, ReplyQueued
from crm_core.kernel import db
from crm_core.kernel.journal import Recorded, emit
from crm_core.kernel.pump import Handler
from crm_core.requests.clocking import measure
from crm_core.requests.events import (
    RequestAccepted,
    RequestDone,
    RequestHandedOver,
    RequestRegistered,
    RequestRejected,
    RequestReturned,
)
from crm_core.staff.events import EmployeeDeactivated, PresenceChanged, QueueChanged
from routing import requests

# Requests that came when there was no queue yet.
ADOPT = """
UPDATE request SET queue_id = (SELECT min(id) FROM queue WHERE is_default)
WHERE queue_id IS NULL AND state = 'new'
"""
HELD = """
SELECT id FROM request WHERE state = 'accepted' AND responsible_id = $1 ORDER BY id FOR UPDATE
"""
ORPHANED = """
UPDATE request SET state = 'new', responsible_id = NULL, declined = '[]', reason = '{}',
  accepted_at = NULL, version = version + 1
WHERE id = ANY($1::bigint[]) RETURNING id, client_id
"""


async def _orphan(employee_id: int) -> None:
    """Requests of a person who no longer works here wait for somebody else."""
    await requests.release(employee_id)
    ids = [row["id"] for row in await db.fetch(HELD, employee_id)]
    await db.fetch(requests.CONCERNED, ids)
    rows = await db.fetch(ORPHANED, ids)
    await refresh_load(employee_id)
    await emit(
        *(
            RequestReturned(
                request_id=row["id"], client_id=row["client_id"], employee_id=employee_id
            )
            for row in rows
        )
    )
    await emit(*await requests.offer(ids))


async def _on_presence(recorded: Sequence[Recorded]) -> None:
    for one in recorded:
        event = one.event
        if isinstance(event, PresenceChanged):
            if event.presence == "on":
                await requests.show_common(event.employee_id, one.at)
            else:
                await requests.release(event.employee_id)
        elif isinstance(event, EmployeeDeactivated):
            await _orphan(event.employee_id)
        elif isinstance(event, QueueChanged):
            await db.execute(ADOPT)
    await requests.drain()


async def _on_freed(_recorded: Sequence[Recorded]) -> None:
    await requests.drain()


ANSWERED = """
UPDATE request r SET answered_at = u.at
FROM (SELECT c, min(a) AS at FROM unnest($1::bigint[], $2::timestamptz[]) AS t(c, a) GROUP BY c) u
WHERE r.client_id = u.c AND r.answered_at IS NULL AND r.registered_at <= u.at
  AND r.state <> 'rejected'
  -- one that became a dialog is answered there; others are over when they are closed
  AND (r.closed_at IS NULL OR r.closed_at >= u.at OR r.outcome = 'dialog') RETURNING r.id
"""


async def _on_answers(recorded: Sequence[Recorded]) -> None:
    """The first answer to a client after a request is the request's first answer, be it words
    or a conversation by phone."""
    told = [(one.event.client_id, one.at) for one in recorded if one.event.client_id]
    if told:
        clients, moments = zip(*told, strict=True)
        rows = await db.fetch(ANSWERED, list(clients), list(moments))
        await measure(*(row["id"] for row in rows))


HANDLERS = (
    Handler(
        "requests.presence", (PresenceChanged, EmployeeDeactivated, QueueChanged), _on_presence
    ),
    Handler(
        "requests.waiting",
        (
            RequestRegistered,
            RequestHandedOver,
            RequestAccepted,
            RequestRejected,
            RequestDone,
            RequestReturned,
            DialogClosed,
            DialogSnoozed,
            DialogTransferred,
        ),
        _on_freed,
    ),
    Handler("requests.answers", (ReplyQueued, CallAnswered), _on_answers),
)

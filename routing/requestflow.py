"""What moves requests: they come in, people come and go, work is done, answers are given."""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.dialogs.access import refresh_load
from crm_core.dialogs.events import DialogClosed, DialogSnoozed, DialogTransferred, ReplyQueued
from crm_core.kernel import db
from crm_core.kernel.journal import Recorded, emit
from crm_core.kernel.pump import Handler
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
"""


async def _on_answers(recorded: Sequence[Recorded]) -> None:
    """The first answer to a client after a request is the request's first answer."""
    told = [(one.event.client_id, one.at) for one in recorded if one.event.client_id]
    if told:
        clients, moments = zip(*told, strict=True)
        await db.execute(ANSWERED, list(clients), list(moments))


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
    Handler("requests.answers", (ReplyQueued,), _on_answers),
)

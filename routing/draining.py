"""Waiting dialogs find somebody at once when people come, free up or go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crm_core.dialogs import access
from crm_core.dialogs.events import (
    DialogAccepted,
    DialogClosed,
    DialogOffered,
    DialogReturned,
    DialogSnoozed,
    DialogTransferred,
    OfferWithdrawn,
)
from crm_core.kernel import db
from crm_core.kernel.journal import Recorded, emit
from crm_core.kernel.pump import Handler
from crm_core.requests.events import RequestDone, RequestHandedOver, RequestRejected
from crm_core.staff.events import EmployeeDeactivated, PresenceChanged, QueueChanged
from routing import assignment

# Unoffered dialogs for which somebody has room, oldest first: a queue nobody works in must not
# hide the others. Rows an inbound message is busy with are left to it: it offers them itself.
WAITING = """
SELECT d.id FROM dialog d JOIN client c ON c.id = d.client_id
WHERE d.state = 'waiting' AND d.offered_to_id IS NULL
  AND coalesce(d.reason->>'why', '') NOT IN ('everyone', 'all_declined')
  AND EXISTS (SELECT 1 FROM employee e
    WHERE e.active AND e.presence = 'on' AND e.load < e.capacity
      AND (e.id = c.manager_id OR EXISTS (SELECT 1 FROM queue_member m
        WHERE m.queue_id = d.queue_id AND m.employee_id = e.id)))
ORDER BY d.opened_at, d.id LIMIT 200 FOR UPDATE OF d SKIP LOCKED
"""


async def drain() -> None:
    """Offer what waits, as far as there are people for it."""
    ids = [row["id"] for row in await db.fetch(WAITING)]
    if ids:
        await emit(*await assignment.offer(ids))


# A dialog that everybody of the queue sees is shown to whoever comes on shift, too.
COMMON = """
SELECT d.id, d.client_id, d.reason FROM dialog d
JOIN queue_member m ON m.queue_id = d.queue_id AND m.employee_id = $1
WHERE d.state = 'waiting' AND d.offered_to_id IS NULL
  AND d.reason->>'why' IN ('everyone', 'all_declined') AND d.offered_at < $2
ORDER BY d.opened_at LIMIT 200
"""


async def _show_common(employee_id: int, came_at: datetime) -> None:
    """Those that were shown to all before this person came: the later ones they have seen."""
    rows = await db.fetch(COMMON, employee_id, came_at)
    await emit(
        *(
            DialogOffered(
                dialog_id=row["id"],
                client_id=row["client_id"],
                employee_ids=[employee_id],
                reason={"why": "everyone"},
            )
            for row in rows
        )
    )


HELD = """
SELECT id FROM dialog WHERE state = 'waiting' AND offered_to_id = $1
ORDER BY id FOR UPDATE SKIP LOCKED
"""


async def _release(employee_id: int) -> None:
    """Offers to somebody who goes are taken back, and made to others, at once."""
    ids = [row["id"] for row in await db.fetch(HELD, employee_id)]
    if ids:
        await assignment.withdraw(ids, "off_shift")
        await emit(*await assignment.offer(ids))


ORPHANS = """
SELECT id FROM dialog WHERE state <> 'closed' AND assignee_id = $1 ORDER BY id FOR UPDATE
"""
ORPHANED = """
UPDATE dialog SET state = 'waiting', assignee_id = NULL, declined = '[]', reason = '{}',
  snooze_until = NULL, version = version + 1
WHERE id = ANY($1::bigint[]) RETURNING id, client_id
"""


async def _orphan(employee_id: int) -> None:
    """Dialogs of a person who no longer works here wait for somebody else."""
    await _release(employee_id)
    ids = [row["id"] for row in await db.fetch(ORPHANS, employee_id)]
    await assignment.hold_people(ids)
    rows = await db.fetch(ORPHANED, ids)
    await access.refresh_load(employee_id)
    await emit(
        *(
            DialogReturned(
                dialog_id=row["id"],
                client_id=row["client_id"],
                employee_id=employee_id,
                why="off_shift",
            )
            for row in rows
        )
    )
    await emit(*await assignment.offer(ids))


# Dialogs that came when there was no queue yet.
ADOPT = """
UPDATE dialog SET queue_id = (SELECT min(id) FROM queue WHERE is_default)
WHERE queue_id IS NULL AND state = 'waiting'
"""


async def _on_presence(recorded: Sequence[Recorded]) -> None:
    for one in recorded:
        event = one.event
        if isinstance(event, PresenceChanged):
            if event.presence == "on":
                await _show_common(event.employee_id, one.at)
            else:
                await _release(event.employee_id)
        elif isinstance(event, EmployeeDeactivated):
            await _orphan(event.employee_id)
        elif isinstance(event, QueueChanged):
            await db.execute(ADOPT)
    await drain()


async def _on_freed(_recorded: Sequence[Recorded]) -> None:
    await drain()


HANDLERS = (
    Handler("routing.presence", (PresenceChanged, EmployeeDeactivated, QueueChanged), _on_presence),
    Handler(
        "routing.freed",
        (
            *(DialogClosed, DialogSnoozed, DialogTransferred, DialogAccepted, OfferWithdrawn),
            *(RequestDone, RequestHandedOver, RequestRejected),
        ),
        _on_freed,
    ),
)

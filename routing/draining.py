"""Waiting dialogs find somebody at once when people come, free up or go."""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.dialogs.events import (
    DialogAccepted,
    DialogClosed,
    DialogOffered,
    DialogSnoozed,
    DialogTransferred,
    OfferWithdrawn,
)
from crm_core.kernel import db
from crm_core.kernel.journal import Recorded, emit
from crm_core.kernel.pump import Handler
from crm_core.staff.events import EmployeeDeactivated, PresenceChanged
from routing import assignment

# Unoffered dialogs, oldest first. Rows somebody else is busy with are left to them.
WAITING = """
SELECT id FROM dialog WHERE state = 'waiting' AND offered_to_id IS NULL
  AND coalesce(reason->>'why', '') NOT IN ('everyone', 'all_declined')
ORDER BY opened_at, id LIMIT 200 FOR UPDATE SKIP LOCKED
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
  AND d.reason->>'why' IN ('everyone', 'all_declined')
ORDER BY d.opened_at LIMIT 200
"""


async def _show_common(employee_id: int) -> None:
    rows = await db.fetch(COMMON, employee_id)
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
    """Offers to somebody who goes are taken back at once."""
    ids = [row["id"] for row in await db.fetch(HELD, employee_id)]
    if ids:
        await assignment.withdraw(ids, "off_shift")


# Dialogs of a person who no longer works here wait for somebody else.
ORPHANS = """
UPDATE dialog SET state = 'waiting', assignee_id = NULL, offered_to_id = NULL, declined = '[]',
  snooze_until = NULL, version = version + 1
WHERE state <> 'closed' AND (assignee_id = $1 OR offered_to_id = $1)
"""


async def _on_presence(recorded: Sequence[Recorded]) -> None:
    for one in recorded:
        event = one.event
        if isinstance(event, PresenceChanged):
            if event.presence == "on":
                await _show_common(event.employee_id)
            else:
                await _release(event.employee_id)
        elif isinstance(event, EmployeeDeactivated):
            await db.execute(ORPHANS, event.employee_id)
    await drain()


async def _on_freed(_recorded: Sequence[Recorded]) -> None:
    await drain()


HANDLERS = (
    Handler("routing.presence", (PresenceChanged, EmployeeDeactivated), _on_presence),
    Handler(
        "routing.freed",
        (DialogClosed, DialogSnoozed, DialogTransferred, DialogAccepted, OfferWithdrawn),
        _on_freed,
    ),
)

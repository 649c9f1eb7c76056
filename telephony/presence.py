"""Presence and the PBX's queues: who is not on shift is paused there, too."""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.calls import orders
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.journal import Recorded
from crm_core.kernel.pump import Handler
from crm_core.staff.events import PresenceChanged

PHONES = """
SELECT p.id AS pbx_id, e.extension FROM employee e, pbx p
WHERE e.id = $1 AND e.extension IS NOT NULL AND p.active AND p.kind <> 'removed'
"""


async def pause(recorded: Sequence[Recorded]) -> None:
    """Only the last change of a person counts."""
    changes = [one.event for one in recorded if isinstance(one.event, PresenceChanged)]
    for employee_id, event in {one.employee_id: one for one in changes}.items():
        for row in await db.fetch(PHONES, employee_id):
            await orders.place(
                SYSTEM,
                row["pbx_id"],
                "pause",
                extension=row["extension"],
                paused=event.presence != "on",
                reason=event.presence,
            )


HANDLERS = (Handler("pbx_pause", (PresenceChanged,), pause),)

"""How a request that was dealt with, or handed over, comes back."""

from __future__ import annotations

from crm_core.dialogs.access import lock_staff, refresh_load
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.requests import access
from crm_core.requests.events import (
    RequestDone,
    RequestHandedOver,
    RequestRejected,
    RequestReopened,
)
from crm_core.undo.registry import Left, undoable, unless_moved_on

REOPEN = """
UPDATE request SET state = 'accepted', closed_at = NULL, outcome = NULL, rejected_for = NULL,
  responsible_id = $2, offered_to_id = NULL, offered_at = NULL, declined = '[]',
  version = version + 1 WHERE id = $1
"""
STAYS = {
    "client": N_("The client's card stays."),
    "dialog": N_("The dialog stays open."),
}
TOLD = N_("%(name)s has seen the request already.")


@undoable(RequestRejected, right=Right.DIALOG_WORK)
async def _unreject(actor: Actor, fact: RequestRejected) -> Left:
    await _reopen(actor, fact.request_id, "rejected", fact.employee_id)
    return ()


@undoable(RequestDone, right=Right.DIALOG_WORK)
async def _undo_outcome(actor: Actor, fact: RequestDone) -> Left:
    await _reopen(actor, fact.request_id, "done", fact.employee_id)
    return ((STAYS[fact.outcome], {}),) if fact.outcome in STAYS else ()


@undoable(RequestHandedOver, right=Right.DIALOG_WORK)
async def _hand_back(actor: Actor, fact: RequestHandedOver) -> Left:
    row = await access.locked(fact.request_id)
    unless_moved_on(row["responsible_id"], fact.to_employee_id)
    unless_moved_on(row["state"], "accepted" if fact.to_employee_id else "new")
    await _reopen(actor, fact.request_id, row["state"], fact.from_id or actor.id)
    name = await db.fetchval("SELECT name FROM employee WHERE id = $1", fact.to_employee_id)
    return ((TOLD, {"name": name}),) if name else ()


async def _reopen(actor: Actor, request_id: int, state: str, responsible_id: int) -> None:
    """Back to whoever had it, when it still is as the change left it."""
    row = await access.locked(request_id)
    unless_moved_on(row["state"], state)
    holder = responsible_id or row["responsible_id"]
    people = (row["responsible_id"], row["offered_to_id"], holder)
    await lock_staff(*people)
    await db.execute(REOPEN, request_id, holder)
    await refresh_load(*people)
    event = RequestReopened(request_id=request_id, client_id=row["client_id"], employee_id=holder)
    await emit(event, actor=actor.key)

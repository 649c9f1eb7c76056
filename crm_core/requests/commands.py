"""What people do with requests: accept, hand over, reject, close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import StringConstraints

from crm_core.dialogs.access import lock_staff, refresh_load
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.kernel.timers import drop_timer
from crm_core.requests import access, reasons
from crm_core.requests.clocking import measure
from crm_core.requests.events import (
    RequestAccepted,
    RequestDone,
    RequestHandedOver,
    RequestRejected,
)
from crm_core.requests.registering import Registered, register

__all__ = ["OFFER_TIMER", "Done", "Registered", "accept", "close", "hand_over", "register"]

OFFER_TIMER = "request.offer"
Comment = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A request after a command: its state, who has it, and what it has become."""

    request_id: int
    state: str
    responsible_id: int | None
    client_id: int | None = None
    dialog_id: int | None = None
    duplicates: tuple[int, ...] = ()


@command("request.accept", title=N_("Accept the request"), right=Right.DIALOG_WORK)
async def accept(actor: Actor, *, request_id: int) -> Done:
    """Take a new request. The first wins; the others learn who was faster (Conflict)."""
    row = await access.locked(request_id)
    if row["state"] == "accepted" and row["responsible_id"] == actor.id:
        return _done(row, "accepted", actor.id)
    if row["state"] != "new":
        raise await _taken(row)
    await access.require_read(actor, request_id)
    await take(actor, row)
    return _done(row, "accepted", actor.id)


ACCEPT = """
UPDATE request SET state = 'accepted', responsible_id = $2, offered_to_id = NULL,
  accepted_at = coalesce(accepted_at, $3), declined = '[]', version = version + 1 WHERE id = $1
"""


async def take(actor: Actor, row: db.Row) -> None:
    """The locked request becomes the actor's."""
    await lock_staff(actor.id, row["offered_to_id"])
    await db.execute(ACCEPT, row["id"], actor.id, clock.now())
    await refresh_load(actor.id, row["offered_to_id"])
    await db.execute(
        "UPDATE client SET manager_id = $2 WHERE id = $1 AND manager_id IS NULL",
        row["client_id"],
        actor.id,
    )
    await drop_timer(OFFER_TIMER, str(row["id"]))
    await measure(row["id"])
    event = RequestAccepted(request_id=row["id"], client_id=row["client_id"], employee_id=actor.id)
    await emit(event, actor=actor.key)


def _done(row: db.Row, state: str, responsible_id: int | None) -> Done:
    return Done(
        request_id=row["id"],
        state=state,
        responsible_id=responsible_id,
        client_id=row["client_id"],
        dialog_id=row["dialog_id"],
    )


async def _taken(row: db.Row) -> Conflict:
    if row["state"] != "accepted":
        return Conflict(N_("This request has been dealt with already."))
    name = await db.fetchval("SELECT name FROM employee WHERE id = $1", row["responsible_id"])
    return Conflict(N_("%(name)s has already taken this request."), name=name or "—")


@command("request.hand_over", title=N_("Hand the request over"), right=Right.DIALOG_WORK)
async def hand_over(
    actor: Actor,
    *,
    request_id: int,
    employee_id: int | None = None,
    queue_id: int | None = None,
    comment: Comment = "",
) -> Done:
    """Give the request to a person (who has it at once) or to a queue, with a comment."""
    if (employee_id is None) == (queue_id is None):
        raise Invalid(N_("Choose either a person or a queue to hand the request to."))
    row = await access.mine(actor, request_id)
    await _require_target(employee_id, queue_id)
    await lock_staff(row["responsible_id"], row["offered_to_id"], employee_id)
    state = "accepted" if employee_id else "new"
    away = [row["responsible_id"] or actor.id] if queue_id else []
    await db.execute(
        HAND_OVER, request_id, state, employee_id, queue_id, clock.now(), comment or None, away
    )
    await refresh_load(row["responsible_id"], row["offered_to_id"], employee_id)
    await drop_timer(OFFER_TIMER, str(request_id))
    await measure(request_id)
    event = RequestHandedOver(
        request_id=request_id,
        client_id=row["client_id"],
        from_id=row["responsible_id"],
        to_employee_id=employee_id,
        to_queue_id=queue_id,
        comment=comment,
    )
    await emit(event, actor=actor.key)
    return _done(row, state, employee_id)


HAND_OVER = """
UPDATE request SET state = $2, responsible_id = $3, queue_id = coalesce($4, queue_id),
  accepted_at = CASE WHEN $3::bigint IS NULL THEN NULL ELSE coalesce(accepted_at, $5) END,
  comment = coalesce($6, comment), offered_to_id = NULL, offered_at = NULL,
  declined = to_jsonb($7::bigint[]),
  reason = CASE WHEN $3::bigint IS NULL THEN '{}' ELSE '{"why": "transfer"}' END::jsonb,
  version = version + 1 WHERE id = $1
"""


async def _require_target(employee_id: int | None, queue_id: int | None) -> None:
    if employee_id is not None:
        if not await db.fetchval("SELECT 1 FROM employee WHERE id = $1 AND active", employee_id):
            raise NotFound(N_("There is no such employee."))
    elif not await db.fetchval("SELECT 1 FROM queue WHERE id = $1", queue_id):
        raise NotFound(N_("There is no such queue."))


@command("request.reject", title=N_("Reject the request"), right=Right.DIALOG_WORK)
async def reject(actor: Actor, *, request_id: int, reason: str = "", comment: Comment = "") -> Done:
    """Refuse a request; the reason is one of the list the admin keeps."""
    why = await reasons.required(reason)
    row = await access.mine(actor, request_id)
    await finish(actor, row, "rejected", rejected_for=why, comment=comment or None)
    event = RequestRejected(
        request_id=request_id,
        client_id=row["client_id"],
        employee_id=actor.id,
        reason=why,
        comment=comment,
    )
    await emit(event, actor=actor.key)
    return _done(row, "rejected", row["responsible_id"] or actor.id)


@command("request.close", title=N_("Close the request"), right=Right.DIALOG_WORK)
async def close(actor: Actor, *, request_id: int, comment: Comment = "") -> Done:
    """Say that a request has been dealt with, with a line on how."""
    row = await access.mine(actor, request_id)
    return await done(actor, row, "handled", comment=comment or None)


async def done(actor: Actor, row: db.Row, outcome: str, **made: Any) -> Done:
    """The locked request has become something: `made` are further columns."""
    await finish(actor, row, "done", outcome=outcome, **made)
    client_id = made.get("client_id") or row["client_id"]
    event = RequestDone(
        request_id=row["id"],
        client_id=client_id,
        dialog_id=made.get("dialog_id") or row["dialog_id"],
        employee_id=actor.id,
        outcome=outcome,
        comment=str(made.get("comment") or ""),
    )
    await emit(event, actor=actor.key)
    return Done(
        request_id=row["id"],
        state="done",
        responsible_id=row["responsible_id"] or actor.id,
        client_id=event.client_id,
        dialog_id=event.dialog_id,
    )


FINISH = """
UPDATE request SET state = $2, responsible_id = coalesce(responsible_id, $3), closed_at = $4,
  accepted_at = coalesce(accepted_at, $4), offered_to_id = NULL, offered_at = NULL,
  outcome = $5, rejected_for = $6, comment = coalesce($7, comment),
  client_id = coalesce($8, client_id), dialog_id = coalesce($9, dialog_id),
  version = version + 1 WHERE id = $1
"""
MADE = ("outcome", "rejected_for", "comment", "client_id", "dialog_id")


async def finish(actor: Actor, row: db.Row, state: str, **made: Any) -> None:
    """Nobody works on it any more: loads are counted anew, the offer ends."""
    await lock_staff(row["responsible_id"], row["offered_to_id"])
    responsible = actor.id or None
    values = (made.get(name) for name in MADE)
    await db.execute(FINISH, row["id"], state, responsible, clock.now(), *values)
    await refresh_load(row["responsible_id"], row["offered_to_id"])
    await drop_timer(OFFER_TIMER, str(row["id"]))
    await measure(row["id"])

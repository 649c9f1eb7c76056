"""What people do with dialogs: accept, decline, hand over, snooze, close, note."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import AwareDatetime

from crm_core.dialogs import access
from crm_core.dialogs.events import (
    DialogAccepted,
    DialogClosed,
    DialogSnoozed,
    DialogTransferred,
    DialogWoken,
    NoteAdded,
    OfferWithdrawn,
)
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.kernel.timers import drop_timer, set_timer

SNOOZE_TIMER = "dialog.snooze"
OFFER_TIMER = "dialog.offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A dialog after a command: its state and who has it."""

    dialog_id: int
    state: str
    assignee_id: int | None


@command("dialog.accept", title=N_("Accept the dialog"), right=Right.DIALOG_WORK)
async def accept(actor: Actor, *, dialog_id: int) -> Done:
    """Take a waiting dialog. The first wins; the others learn who was faster (Conflict)."""
    row = await access.locked(dialog_id)
    if row["state"] == "open" and row["assignee_id"] == actor.id:
        return Done(dialog_id=dialog_id, state="open", assignee_id=actor.id)
    if row["state"] != "waiting":
        raise await _taken(row)
    await access.require_read(actor, dialog_id)
    await access.lock_staff(actor.id, row["offered_to_id"])
    await db.execute(ACCEPT, dialog_id, actor.id, clock.now())
    await access.refresh_load(actor.id, row["offered_to_id"])
    await db.execute(
        "UPDATE client SET manager_id = $2 WHERE id = $1 AND manager_id IS NULL",
        row["client_id"],
        actor.id,
    )
    await drop_timer(OFFER_TIMER, str(dialog_id))
    await emit(
        DialogAccepted(dialog_id=dialog_id, client_id=row["client_id"], employee_id=actor.id),
        actor=actor.key,
    )
    return Done(dialog_id=dialog_id, state="open", assignee_id=actor.id)


ACCEPT = """
UPDATE dialog SET state = 'open', assignee_id = $2, offered_to_id = NULL, accepted_at = $3,
  declined = '[]', version = version + 1 WHERE id = $1
"""


async def _taken(row: db.Row) -> Conflict:
    if row["state"] == "closed":
        return Conflict("The dialog is already closed.")
    name = await db.fetchval("SELECT name FROM employee WHERE id = $1", row["assignee_id"])
    return Conflict("%(name)s has already taken this dialog.", name=name or "—")


@command("dialog.decline", title=N_("Decline the dialog"), right=Right.DIALOG_WORK)
async def decline(actor: Actor, *, dialog_id: int) -> Done:
    """Pass an offered dialog on: it goes to the next person at once."""
    row = await access.locked(dialog_id)
    await access.require_read(actor, dialog_id)
    if row["state"] != "waiting" or row["offered_to_id"] not in {actor.id, None}:
        raise Conflict("This dialog is no longer offered to you.")
    await access.lock_staff(actor.id)
    await db.execute(DECLINE, dialog_id, actor.id)
    await access.refresh_load(actor.id)
    await emit(
        OfferWithdrawn(
            dialog_id=dialog_id, client_id=row["client_id"], employee_id=actor.id, why="declined"
        ),
        actor=actor.key,
    )
    return Done(dialog_id=dialog_id, state="waiting", assignee_id=None)


DECLINE = """
UPDATE dialog SET offered_to_id = NULL, offered_at = NULL,
  reason = CASE WHEN offered_to_id IS NULL THEN reason ELSE '{}' END,
  declined = declined || to_jsonb($2::bigint), version = version + 1 WHERE id = $1
"""


@command("dialog.note", title=N_("Inner note"), right=Right.DIALOG_WORK)
async def note(actor: Actor, *, dialog_id: int, text: str) -> int:
    """Write a note that never leaves the house; returns its message id."""
    await access.require_read(actor, dialog_id)
    if not text.strip():
        raise Invalid("The note is empty: write something.")
    client_id = await db.fetchval("SELECT client_id FROM dialog WHERE id = $1", dialog_id)
    if client_id is None:
        raise NotFound("There is no such dialog.")
    return await _keep_note(actor, dialog_id, client_id, text)


async def _keep_note(actor: Actor, dialog_id: int, client_id: int, text: str) -> int:
    message_id: int = await db.fetchval(
        INSERT_NOTE, dialog_id, client_id, text.strip(), actor.id, clock.now()
    )
    await emit(
        NoteAdded(
            dialog_id=dialog_id,
            client_id=client_id,
            message_id=message_id,
            employee_id=actor.id,
        ),
        actor=actor.key,
    )
    return message_id


INSERT_NOTE = """
INSERT INTO message (dialog_id, client_id, direction, kind, text, author_id, at, created_at)
VALUES ($1, $2, 'note', 'text', $3, $4, $5, $5) RETURNING id
"""


@command("dialog.transfer", title=N_("Hand the dialog over"), right=Right.DIALOG_WORK)
async def transfer(
    actor: Actor,
    *,
    dialog_id: int,
    employee_id: int | None = None,
    queue_id: int | None = None,
    comment: str = "",
) -> Done:
    """Give the dialog to a person (who has it at once) or back to a queue, with a comment."""
    if (employee_id is None) == (queue_id is None):
        raise Invalid("Choose either a person or a queue to hand the dialog to.")
    row = await access.mine(actor, dialog_id)
    if row["state"] == "closed":
        raise Conflict("The dialog is already closed.")
    await _require_target(employee_id, queue_id)
    await access.lock_staff(row["assignee_id"], row["offered_to_id"], employee_id)
    state = "open" if employee_id else "waiting"
    await db.execute(TRANSFER, dialog_id, state, employee_id, queue_id)
    await access.refresh_load(row["assignee_id"], row["offered_to_id"], employee_id)
    for kind in (SNOOZE_TIMER, OFFER_TIMER):
        await drop_timer(kind, str(dialog_id))
    await emit(
        DialogTransferred(
            dialog_id=dialog_id,
            client_id=row["client_id"],
            from_id=row["assignee_id"],
            to_employee_id=employee_id,
            to_queue_id=queue_id,
            comment=comment.strip(),
        ),
        actor=actor.key,
    )
    if comment.strip():  # by right of having had the dialog until now
        await _keep_note(actor, dialog_id, row["client_id"], comment)
    return Done(dialog_id=dialog_id, state=state, assignee_id=employee_id)


# A queue was chosen on purpose: neither who hands over nor a manager outside of it is asked first.
TRANSFER = """
UPDATE dialog SET state = $2, assignee_id = $3, queue_id = coalesce($4, queue_id),
  offered_to_id = NULL, offered_at = NULL, snooze_until = NULL,
  reason = CASE WHEN $3::bigint IS NULL THEN '{}' ELSE '{"why": "transfer"}' END::jsonb,
  declined = (SELECT coalesce(jsonb_agg(DISTINCT one), '[]') FROM unnest(ARRAY[assignee_id,
    (SELECT c.manager_id FROM client c WHERE c.id = dialog.client_id AND NOT EXISTS (
      SELECT 1 FROM queue_member m WHERE m.queue_id = $4 AND m.employee_id = c.manager_id))]) AS one
    WHERE one IS NOT NULL AND $4::bigint IS NOT NULL),
  version = version + 1 WHERE id = $1
"""


async def _require_target(employee_id: int | None, queue_id: int | None) -> None:
    if employee_id is not None:
        found = await db.fetchrow("SELECT active FROM employee WHERE id = $1", employee_id)
        if found is None or not found["active"]:
            raise NotFound("There is no such employee.")
    elif not await db.fetchval("SELECT 1 FROM queue WHERE id = $1", queue_id):
        raise NotFound("There is no such queue.")


@command("dialog.snooze", title=N_("Put the dialog off"), right=Right.DIALOG_WORK)
async def snooze(actor: Actor, *, dialog_id: int, until: AwareDatetime | None = None) -> Done:
    """Put the dialog aside until a moment (aware) or, without one, until the client writes."""
    row = await access.mine(actor, dialog_id)
    if row["state"] not in {"open", "snoozed"}:
        raise Conflict("Only a dialog you have accepted can be put off.")
    if until is not None and until <= clock.now():
        raise Invalid("This moment has already passed: choose a later one.")
    await access.lock_staff(row["assignee_id"])
    await db.execute(
        "UPDATE dialog SET state = 'snoozed', snooze_until = $2, version = version + 1"
        " WHERE id = $1",
        dialog_id,
        until,
    )
    await access.refresh_load(row["assignee_id"])
    if until is None:
        await drop_timer(SNOOZE_TIMER, str(dialog_id))
    else:
        await set_timer(SNOOZE_TIMER, str(dialog_id), until)
    await emit(
        DialogSnoozed(
            dialog_id=dialog_id,
            client_id=row["client_id"],
            employee_id=row["assignee_id"] or actor.id,
            until=until.isoformat() if until else None,
        ),
        actor=actor.key,
    )
    return Done(dialog_id=dialog_id, state="snoozed", assignee_id=row["assignee_id"])


async def wake_snoozed(key: str, _data: dict[str, object]) -> None:
    """Timer: the snooze of dialog `key` is over."""
    row = await access.locked(int(key))
    if row["state"] != "snoozed":
        return
    await access.lock_staff(row["assignee_id"])
    await db.execute(
        "UPDATE dialog SET state = 'open', snooze_until = NULL, version = version + 1"
        " WHERE id = $1",
        row["id"],
    )
    await access.refresh_load(row["assignee_id"])
    await emit(
        DialogWoken(
            dialog_id=row["id"],
            client_id=row["client_id"],
            employee_id=row["assignee_id"] or 0,
            why="time",
        )
    )


@command("dialog.close", title=N_("Close the dialog"), right=Right.DIALOG_WORK)
async def close(actor: Actor, *, dialog_id: int, summary: str = "") -> Done:
    """End the dialog, with a line on how it ended. The next message begins a new one."""
    row = await access.locked(dialog_id)
    if row["state"] == "closed":
        return Done(dialog_id=dialog_id, state="closed", assignee_id=row["assignee_id"])
    if row["assignee_id"] != actor.id and not actor.may(Right.DIALOG_ALL):
        raise Forbidden("This dialog is with somebody else.")
    await access.lock_staff(row["assignee_id"], row["offered_to_id"])
    await db.execute(CLOSE, dialog_id, clock.now(), summary.strip() or None)
    await access.refresh_load(row["assignee_id"], row["offered_to_id"])
    for kind in (SNOOZE_TIMER, OFFER_TIMER):
        await drop_timer(kind, str(dialog_id))
    await emit(
        DialogClosed(
            dialog_id=dialog_id,
            client_id=row["client_id"],
            employee_id=row["assignee_id"],
            summary=summary.strip(),
        ),
        actor=actor.key,
    )
    return Done(dialog_id=dialog_id, state="closed", assignee_id=row["assignee_id"])


CLOSE = """
UPDATE dialog SET state = 'closed', closed_at = $2, summary = $3, offered_to_id = NULL,
  snooze_until = NULL, unanswered_since = NULL, version = version + 1 WHERE id = $1
"""

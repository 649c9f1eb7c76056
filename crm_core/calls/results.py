"""Saying how a call ended for business: its result and notes about it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from crm_core.calls.callbacks import forget_call_back
from crm_core.calls.handling import mine
from crm_core.calls.resultevents import CallNoted, CallResultSet
from crm_core.clients import commands as clients
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

Result = Literal["", "agreed", "call_back", "refused", "wrong"]
TITLES: dict[str, str] = {
    "agreed": N_("Agreed"),
    "call_back": N_("Call back"),
    "refused": N_("Refused"),
    "wrong": N_("Not for us"),
}
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
SET = """
INSERT INTO call_result (call_id, result, note, employee_id, at) VALUES ($1, $2, '', $3, $4)
ON CONFLICT (call_id) DO UPDATE
SET result = excluded.result, employee_id = excluded.employee_id, at = excluded.at
"""


@command("call.set_result", title=N_("Say how a call ended"), right=Right.CALL_WORK)
async def set_result(actor: Actor, *, call_id: int, result: Result) -> str:
    """The last word counts, an empty one takes it back; a call-back that was planned is dropped
    by any other result."""
    row = await mine(actor, call_id)
    await db.execute(SET, call_id, result, actor.id or None, clock.now())
    if result != "call_back":
        await forget_call_back([call_id])
    await emit(
        CallResultSet(call_id=call_id, client_id=row["client_id"], result=result), actor=actor.key
    )
    return result


ADD_NOTE = """
INSERT INTO call_result (call_id, result, note, employee_id, at) VALUES ($1, '', $2, $3, $4)
ON CONFLICT (call_id) DO UPDATE
SET note = concat_ws(E'\\n', nullif(call_result.note, ''), excluded.note)
"""


@command("call.note", title=N_("Write a note about a call"), right=Right.CALL_WORK)
async def note(actor: Actor, *, call_id: int, text: Note) -> int:
    """The note stands at the call and, when the caller is known, on the client's card."""
    row = await mine(actor, call_id)
    await db.execute(ADD_NOTE, call_id, text, actor.id or None, clock.now())
    if row["client_id"]:
        await clients.note(actor, client_id=row["client_id"], text=text)
    await emit(CallNoted(call_id=call_id, client_id=row["client_id"]), actor=actor.key)
    return call_id

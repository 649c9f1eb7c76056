"""Calling back: planned by a person, remembered by a timer, dropped when nobody needs to."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime

from crm_core.calls.handling import mine
from crm_core.calls.resultevents import CallBackDue, CallResultSet
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.kernel.timers import drop_timer, set_timer

BACK_TIMER = "call.back"
PLAN = """
INSERT INTO call_result (call_id, result, note, employee_id, at, back_at, back_by)
VALUES ($1, 'call_back', '', $2, $3, $4, $2)
ON CONFLICT (call_id) DO UPDATE
SET result = 'call_back', back_at = excluded.back_at, back_by = excluded.back_by, at = excluded.at
"""


@command("call.plan_back", title=N_("Plan to call back"), right=Right.CALL_WORK)
async def plan_back(actor: Actor, *, call_id: int, at: AwareDatetime) -> str:
    """The card comes back at that time; sooner a call with this number makes it needless."""
    if at <= clock.now():
        raise Invalid(N_("Choose a time that is still to come."))
    row = await mine(actor, call_id)
    await db.execute(PLAN, call_id, actor.id or None, clock.now(), at)
    await set_timer(BACK_TIMER, str(call_id), at, call=call_id, employee=actor.id)
    fact = CallResultSet(call_id=call_id, client_id=row["client_id"], result="call_back")
    await emit(fact, actor=actor.key)
    return at.isoformat()


async def remind(_key: str, data: dict[str, Any]) -> None:
    """The time to call back has come."""
    client_id = await db.fetchval("SELECT client_id FROM call WHERE id = $1", data["call"])
    fact = CallBackDue(call_id=data["call"], client_id=client_id, employee_id=data["employee"])
    await emit(fact)


async def forget_call_back(call_ids: list[int]) -> None:
    """Nobody needs to call back any more."""
    for call_id in call_ids:
        await drop_timer(BACK_TIMER, str(call_id))
    await db.execute(
        "UPDATE call_result SET back_at = NULL, back_by = NULL WHERE call_id = ANY($1::bigint[])",
        call_ids,
    )

"""How calls ended for business: a result, notes, and when to call back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, StringConstraints

from crm_core.calls.commands import NO_CALL
from crm_core.calls.events import CallBackDue, CallNoted, CallResultSet
from crm_core.clients import commands as clients
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Forbidden, Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.kernel.timers import drop_timer, set_timer

BACK_TIMER = "call.back"
Result = Literal["", "agreed", "call_back", "refused", "wrong"]
TITLES: dict[str, str] = {
    "agreed": N_("Agreed"),
    "call_back": N_("Call back"),
    "refused": N_("Refused"),
    "wrong": N_("Not for us"),
}
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView:
    """`result` is empty while only a note was written; `back_at`: when `back_by` calls back."""

    result: str
    note: str
    employee: str | None
    at: datetime
    back_at: datetime | None
    back_by: int | None


RESULT = """
SELECT r.result, r.note, e.name AS employee, r.at, r.back_at, r.back_by
FROM call_result r LEFT JOIN employee e ON e.id = r.employee_id WHERE r.call_id = $1
"""


async def result_of(call_id: int) -> ResultView | None:
    row = await db.fetchrow(RESULT, call_id)
    return None if row is None else ResultView(**row)


async def is_blocked(number: str | None) -> bool:
    """Whether the number hears busy."""
    sql = "SELECT EXISTS (SELECT 1 FROM caller_rule WHERE number = $1 AND kind = 'blocked')"
    return bool(number and await db.fetchval(sql, number))


SET = """
INSERT INTO call_result (call_id, result, note, employee_id, at) VALUES ($1, $2, '', $3, $4)
ON CONFLICT (call_id) DO UPDATE
SET result = excluded.result, employee_id = excluded.employee_id, at = excluded.at
"""


@command("call.set_result", title=N_("Say how a call ended"), right=Right.CALL_WORK)
async def set_result(actor: Actor, *, call_id: int, result: Result) -> str:
    """The last word counts, an empty one takes it back; a call-back that was planned is dropped
    by any other result."""
    row = await _mine(actor, call_id)
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
    row = await _mine(actor, call_id)
    await db.execute(ADD_NOTE, call_id, text, actor.id or None, clock.now())
    if row["client_id"]:
        await clients.note(actor, client_id=row["client_id"], text=text)
    await emit(CallNoted(call_id=call_id, client_id=row["client_id"]), actor=actor.key)
    return call_id


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
    row = await _mine(actor, call_id)
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


MINE = """
SELECT c.client_id, EXISTS (
  SELECT 1 FROM call_leg l WHERE l.call_id = c.id AND l.employee_id = $2)
  OR c.ordered_by_id = $2 OR c.outcome <> 'answered' OR EXISTS (
  SELECT 1 FROM client k WHERE k.id = c.client_id AND k.manager_id = $2) AS mine
FROM call c WHERE c.id = $1
"""


async def _mine(actor: Actor, call_id: int) -> db.Row:
    """A call whose phones rang at the actor's, of the actor's client, or that nobody took."""
    row = await db.fetchrow(MINE, call_id, actor.id)
    if row is None:
        raise NotFound(NO_CALL)
    if not row["mine"] and not actor.may(Right.CALL_ALL):
        raise Forbidden(N_("This is a colleague's call."))
    return row

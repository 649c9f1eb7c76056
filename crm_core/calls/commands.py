"""What people do with calls: dial, end, hold, hand over, take, listen; who is let through."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from crm_core.calls import orders
from crm_core.calls.doings import CallerRuled, CallListened
from crm_core.calls.events import CallLinked
from crm_core.calls.rules import outside_number
from crm_core.clients.access import require_read
from crm_core.kernel import clock, db, secrets
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

Number = Annotated[str, Field(min_length=2, max_length=64)]
NO_PHONE = N_("You have no phone in the PBX: ask an administrator to set your extension.")
NO_PBX = N_("No PBX is connected: ask an administrator to connect one.")
NO_CALL = N_("There is no such call.")
OVER = N_("This call is over.")


class Origin(BaseModel):
    """The card a call is made from: `kind` client, dialog, request, deal …, and its id."""

    kind: Annotated[str, Field(max_length=32)]
    id: int


@command("call.dial", title=N_("Call a number"), right=Right.CALL_WORK)
async def dial(
    actor: Actor,
    *,
    number: Number,
    client_id: int | None = None,
    origin: Origin | None = None,
    pbx_id: int | None = None,
) -> int:
    """Ring one's own phone, then the number; returns the order's id.

    The call that comes of it belongs to the client and to the card it was begun from.
    """
    if client_id is not None:
        await require_read(actor, client_id)
    wanted = outside_number(number)
    if wanted is None:
        raise Invalid(N_("%(number)s is no number one can dial."), number=number)
    extension = await _extension(actor)
    return await orders.place(
        actor,
        await _pbx(pbx_id),
        "dial",
        call_key=f"pult-{secrets.new_token()}",
        extension=extension,
        number=wanted,
        client_id=client_id,
        origin=origin.model_dump() if origin else None,
    )


@command("call.hangup", title=N_("End a call"), right=Right.CALL_WORK)
async def hangup(actor: Actor, *, call_id: int) -> int:
    """End the call for everybody in it."""
    return await _order(actor, call_id, "hangup")


@command("call.hold", title=N_("Put a call on hold"), right=Right.CALL_WORK)
async def hold(actor: Actor, *, call_id: int, on: bool = True) -> int:
    """Let the other side hear music, or (`on` false) take them back."""
    return await _order(actor, call_id, "hold" if on else "resume")


@command("call.transfer", title=N_("Transfer a call"), right=Right.CALL_WORK)
async def transfer(
    actor: Actor,
    *,
    call_id: int,
    employee_id: int | None = None,
    number: str | None = None,
    kind: Literal["blind", "attended"] = "blind",
) -> int:
    """Hand the call to a colleague or a number; attended: one speaks with them first."""
    to = await _target(employee_id, number)
    return await _order(actor, call_id, "transfer", to=to, kind=kind)


@command("call.take", title=N_("Take a ringing call"), right=Right.CALL_WORK)
async def take(actor: Actor, *, call_id: int) -> int:
    """Let one's own phone ring for a call that rings elsewhere, and no other."""
    extension = await _extension(actor)
    row = await _living(call_id)
    if row["state"] != "ringing":
        raise Conflict(N_("Somebody has answered this call already."))
    return await _place(actor, row, "take", to=extension)


@command("call.listen", title=N_("Listen to a call"), right=Right.CALL_LISTEN)
async def listen(
    actor: Actor, *, call_id: int, mode: Literal["listen", "whisper", "barge"] = "listen"
) -> int:
    """Ring one's own phone and let it hear the call (whisper: speak to the colleague too)."""
    row = await _living(call_id)
    extension = await _extension(actor)
    spied = await db.fetchval(TALKING, call_id)
    if spied is None:
        raise Conflict(N_("Nobody speaks in this call yet."))
    event = CallListened(call_id=call_id, client_id=row["client_id"], extension=spied, mode=mode)
    await emit(event, actor=actor.key)
    return await _place(actor, row, "listen", spied=spied, extension=extension, mode=mode)


@command("call.link", title=N_("Put a call on a client's card"), right=Right.CALL_WORK)
async def link(actor: Actor, *, call_id: int, client_id: int) -> int:
    """The call, and others of its number that belong to nobody, are this client's."""
    await require_read(actor, client_id)
    row = await db.fetchrow("SELECT number FROM call WHERE id = $1", call_id)
    if row is None:
        raise NotFound(NO_CALL)
    await db.execute("UPDATE call SET client_id = $2 WHERE id = $1", call_id, client_id)
    await emit(CallLinked(call_id=call_id, client_id=client_id), actor=actor.key)
    if row["number"]:
        await adopt(client_id, row["number"])
    return call_id


ADOPT = """
UPDATE call SET client_id = $1, version = version + 1 WHERE number = $2 AND client_id IS NULL
RETURNING id
"""


async def adopt(client_id: int, number: str) -> None:
    """Calls of a number (E.164) that belonged to nobody are this client's from now on."""
    rows = await db.fetch(ADOPT, client_id, number)
    await emit(*(CallLinked(call_id=row["id"], client_id=client_id) for row in rows))


@command("call.block", title=N_("Block a caller"), right=Right.CALL_WORK)
async def block(actor: Actor, *, number: Number, note: str = "") -> str:
    """The number hears busy from now on; `call.unrule` lets it through again."""
    return await _rule(actor, number, "blocked", note=note)


@command("call.vip", title=N_("Let a caller go first"), right=Right.CALL_ALL)
async def vip(actor: Actor, *, number: Number, extension: str | None = None) -> str:
    """The number rings at `extension` first (without one: at everybody who is on shift)."""
    return await _rule(actor, number, "vip", extension=extension)


@command("call.unrule", title=N_("Treat a caller as everybody"), right=Right.CALL_WORK)
async def unrule(actor: Actor, *, number: Number) -> str:
    wanted = outside_number(number) or number
    if await db.execute("DELETE FROM caller_rule WHERE number = $1", wanted):
        await emit(CallerRuled(number=wanted, kind=""), actor=actor.key)
    return wanted


RULE = """
INSERT INTO caller_rule (number, kind, extension, note, author_id, at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (number) DO UPDATE SET kind = excluded.kind, extension = excluded.extension,
  note = excluded.note, author_id = excluded.author_id, at = excluded.at
"""


async def _rule(
    actor: Actor, number: str, kind: str, *, extension: str | None = None, note: str = ""
) -> str:
    wanted = outside_number(number)
    if wanted is None:
        raise Invalid(N_("%(number)s is no number one can dial."), number=number)
    await db.execute(RULE, wanted, kind, extension, note[:200], actor.id or None, clock.now())
    await emit(CallerRuled(number=wanted, kind=kind), actor=actor.key)
    return wanted


LIVING = """
SELECT id, pbx_id, key, state, client_id,
  EXISTS (SELECT 1 FROM call_leg l WHERE l.call_id = c.id AND l.employee_id = $2) AS mine
FROM call c WHERE id = $1
"""
TALKING = """
SELECT extension FROM call_leg WHERE call_id = $1 AND answered_at IS NOT NULL AND ended_at IS NULL
ORDER BY answered_at DESC LIMIT 1
"""


async def _living(call_id: int, employee_id: int = 0) -> db.Row:
    row = await db.fetchrow(LIVING, call_id, employee_id)
    if row is None:
        raise NotFound(NO_CALL)
    if row["state"] == "ended":
        raise Conflict(OVER)
    return row


async def _order(actor: Actor, call_id: int, verb: str, **data: Any) -> int:
    row = await _living(call_id, actor.id)
    if not row["mine"] and not actor.may(Right.CALL_ALL):
        raise Forbidden(N_("This is a colleague's call."))
    own = await _own_extension(actor)
    return await _place(actor, row, verb, extension=own, **data)


async def _place(actor: Actor, row: db.Row, verb: str, **data: Any) -> int:
    return await orders.place(actor, row["pbx_id"], verb, call=(row["id"], row["key"]), **data)


async def _own_extension(actor: Actor) -> str | None:
    found: str | None = await db.fetchval("SELECT extension FROM employee WHERE id = $1", actor.id)
    return found


async def _extension(actor: Actor) -> str:
    found = await _own_extension(actor)
    if not found:
        raise Invalid(NO_PHONE)
    return found


async def _pbx(pbx_id: int | None) -> int:
    """The PBX asked for, or the first one that works."""
    found: int | None = await db.fetchval(
        "SELECT id FROM pbx WHERE active AND kind <> 'removed' AND ($1::bigint IS NULL OR id = $1)"
        " ORDER BY broken IS NOT NULL, id LIMIT 1",
        pbx_id,
    )
    if found is None:
        raise Invalid(NO_PBX)
    return found


async def _target(employee_id: int | None, number: str | None) -> str:
    if employee_id is None:
        to = outside_number(number)
        if to is None:
            raise Invalid(N_("Say to whom: a colleague or a number."))
        return to
    row = await db.fetchrow("SELECT extension FROM employee WHERE id = $1 AND active", employee_id)
    if row is None or not row["extension"]:
        raise Invalid(N_("This colleague has no phone in the PBX."))
    return str(row["extension"])

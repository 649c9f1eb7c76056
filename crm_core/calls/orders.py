"""Orders to a PBX: written by commands, carried out by the telephony process, told back as facts.

An order is sent at most once, and never after its time: a phone that rings minutes later helps
nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from crm_core.calls.doings import CallOrderDone, CallOrdered, CallOrderFailed
from crm_core.kernel import clock, db, wake
from crm_core.kernel.actors import Actor
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

TOPIC = "orders"
PATIENCE = timedelta(seconds=10)
# A sent order whose outcome nobody told within this was cut off by a crash.
FORGOTTEN = timedelta(seconds=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`verb`: dial, hangup, hold, resume, transfer, take, listen, pause; `data` its arguments."""

    id: int
    pbx_id: int
    verb: str
    data: dict[str, Any]
    call_id: int | None = None
    call_key: str | None = None
    actor_id: int | None = None


async def place(
    actor: Actor,
    pbx_id: int,
    verb: str,
    *,
    call: tuple[int, str] | None = None,
    **data: Any,
) -> int:
    """Write an order in the transaction in force; returns its id. `call`: (id, key)."""
    now = clock.now()
    call_id, call_key = call or (None, data.pop("call_key", None))
    order_id: int = await db.fetchval(
        "INSERT INTO call_order (pbx_id, verb, data, call_id, call_key, actor_id, at, due_at)"
        " VALUES ($1, $2, $3::jsonb, $4, $5, $6, $7, $8) RETURNING id",
        pbx_id,
        verb,
        orjson.dumps(data).decode(),
        call_id,
        call_key,
        actor.id or None,
        now,
        now + PATIENCE,
    )
    await emit(CallOrdered(order_id=order_id, verb=verb, call_id=call_id), actor=actor.key)
    await wake.notify(TOPIC)
    return order_id


TAKE = """
UPDATE call_order SET state = 'sent' WHERE id = (
  SELECT id FROM call_order WHERE pbx_id = $1 AND state = 'queued' AND due_at > $2
  ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, pbx_id, verb, data, call_id, call_key, actor_id
"""


async def take(pbx_id: int) -> Order | None:
    """The next order of a PBX; from now on it counts as sent."""
    row = await db.fetchrow(TAKE, pbx_id, clock.now())
    return None if row is None else Order(**{**row, "data": orjson.loads(row["data"])})


FINISH = """
UPDATE call_order SET state = $2, error = $3 WHERE id = $1 AND state IN ('queued', 'sent')
RETURNING verb, call_id, actor_id
"""


async def finish(order_id: int, error: str | None = None) -> None:
    """Tell how an order ended; `error` is a line for the person who asked."""
    async with db.transaction():
        row = await db.fetchrow(FINISH, order_id, "failed" if error else "done", error)
        if row is None:
            return
        if error:
            await emit(CallOrderFailed(order_id=order_id, error=error, **row))
        else:
            await emit(CallOrderDone(order_id=order_id, **row))


LATE = """
SELECT id, state FROM call_order
WHERE pbx_id = $1 AND (state = 'queued' AND due_at <= $2 OR state = 'sent' AND due_at <= $3)
"""


async def drop_late(pbx_id: int) -> int:
    """Fail what was not sent in time, and what was sent by a process that died."""
    now = clock.now()
    late = await db.fetch(LATE, pbx_id, now, now - FORGOTTEN)
    for row in late:
        queued = row["state"] == "queued"
        await finish(row["id"], NOT_REACHED if queued else NOT_TOLD)
    return len(late)


NOT_REACHED = N_("The PBX could not be reached in time: nothing was done.")
NOT_TOLD = N_("It is not known whether the PBX did it.")

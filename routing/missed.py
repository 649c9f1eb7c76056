"""Missed calls become requests to call back, one per caller, closed as soon as somebody spoke."""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.calls.callbacks import forget_call_back
from crm_core.calls.events import CallAnswered, CallEnded, CallMissed
from crm_core.kernel import db
from crm_core.kernel.actors import Actor
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.i18n import ngettext
from crm_core.kernel.journal import Recorded
from crm_core.kernel.pump import Handler
from crm_core.requests.commands import close, register
from crm_core.requests.shapes import About, Origin, Person

PREFIX = "missed:"
ROBOT = Actor(kind="robot", name="Pult")

# Hidden numbers can't be called back, blocked ones shall not be; and a call of the past that
# turns up late is no news when they have been spoken with since.
MISSED = """
SELECT c.id, c.number, c.caller_name, c.client_id, k.name, c.started_at
FROM call c LEFT JOIN client k ON k.id = c.client_id
WHERE c.id = $1 AND c.number IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM caller_rule r WHERE r.number = c.number AND r.kind = 'blocked')
  AND NOT EXISTS (SELECT 1 FROM call l WHERE l.answered_at > c.started_at
    AND (l.number = c.number OR l.client_id = c.client_id) AND l.direction <> 'internal')
"""
OPEN = """
SELECT id, external_key FROM request
WHERE kind = 'call' AND state IN ('new', 'accepted') AND channel_id = 0
  AND (starts_with(external_key, $1) OR (starts_with(external_key, $2) AND client_id = $3))
ORDER BY id DESC
"""
COUNT = """
SELECT count(*) FROM call WHERE number = $1 AND direction = 'inbound' AND state = 'ended'
  AND outcome <> 'answered' AND part_of IS NULL AND id >= $2
"""


async def on_calls(recorded: Sequence[Recorded]) -> None:
    """In the order it happened: who calls in vain waits for a call back, who is spoken with
    does not any more."""
    for one in recorded:
        match one.event:
            case CallMissed(call_id=call_id):
                await _missed(call_id)
            # A call made while Pult was away is told of only when it is over.
            case CallAnswered(call_id=call_id) | CallEnded(call_id=call_id, outcome="answered"):
                await _answered(call_id)


async def _missed(call_id: int) -> None:
    """A request for each caller; who calls again adds to the one that is open."""
    call = await db.fetchrow(MISSED, call_id)
    if call is not None:
        await _ask_back(call)


async def _ask_back(call: db.Row) -> None:
    known = await _open(call["number"], call["client_id"])
    key = known[0]["external_key"] if known else f"{PREFIX}{call['number']}:{call['id']}"
    first = int(key.rpartition(":")[2])
    times = max(await db.fetchval(COUNT, call["number"], first), 1)
    text = ngettext("%(count)s call, nobody answered.", "%(count)s calls, nobody answered.", times)
    await register(
        ROBOT,
        origin=Origin(
            kind="call", source=_("Telephony"), key=key, call_id=call["id"], at=call["started_at"]
        ),
        person=Person(name=call["name"] or call["caller_name"] or "", phone=call["number"]),
        about=About(subject=_("Missed call"), text=text % {"count": times}),
        client_id=call["client_id"],
    )


async def _open(number: str, client_id: int | None) -> list[db.Row]:
    """Requests to call this number or this client back, the latest first."""
    return await db.fetch(OPEN, f"{PREFIX}{number}:", PREFIX, client_id)


SPOKEN = """
SELECT c.number, c.client_id, c.employee_id, e.name FROM call c
LEFT JOIN employee e ON e.id = c.employee_id
WHERE c.id = $1 AND c.direction <> 'internal' AND c.number IS NOT NULL
"""
PLANNED = """
SELECT r.call_id FROM call_result r JOIN call c ON c.id = r.call_id
WHERE r.back_at IS NOT NULL AND (c.number = $1 OR c.client_id = $2) AND c.id <> $3
"""


async def _answered(call_id: int) -> None:
    call = await db.fetchrow(SPOKEN, call_id)
    if call is None:
        return
    caller = Actor(kind="robot", id=call["employee_id"] or 0, name=call["name"] or ROBOT.name)
    for request in await _open(call["number"], call["client_id"]):
        await close(caller, request_id=request["id"], comment=_("They have been spoken with."))
    planned = await db.fetch(PLANNED, call["number"], call["client_id"], call_id)
    await forget_call_back([row["call_id"] for row in planned])


EVENTS = (CallMissed, CallAnswered, CallEnded)
HANDLERS: tuple[Handler, ...] = (Handler("calls.missed", EVENTS, on_calls),)

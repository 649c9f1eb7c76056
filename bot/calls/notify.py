"""From facts of calls to rows of the bot's lane: whose phone rings sees who it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_core.calls.events import (
    CallAnswered,
    CallBackDue,
    CallChanged,
    CallEnded,
    CallLinked,
    CallNoted,
    CallOrderFailed,
    CallResultSet,
    CallRinging,
    CallStarted,
)
from crm_core.kernel import db
from crm_core.kernel.journal import Event, Recorded
from crm_core.kernel.pump import Handler
from crm_core.outbox.rows import BOT_LANE, Post, put
from crm_core.recordings.events import RecordingRemoved, RecordingStored, RecordingUnavailable

# A ringing phone waits for nobody.
RING_PRIORITY, CARD_PRIORITY = 1, 3


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody before a call. `wanted`: they see its card; else only one that stands there."""

    call_id: int
    employee_id: int
    chat: int
    wanted: bool


# Whose phone rings or who calls; the client's manager while it rings at others; and whoever has
# the card on the screen. Calls between colleagues and asking halves of transfers have no card.
SEATS = """
SELECT a.call_id, e.id AS employee_id, e.telegram_id AS chat, bool_or(a.wanted) AS wanted FROM (
  SELECT l.call_id, l.employee_id, true AS wanted FROM call_leg l
  WHERE l.call_id = ANY($1::bigint[]) AND l.outcome IS DISTINCT FROM 'offline'
  UNION ALL
  SELECT c.id, c.ordered_by_id, true FROM call c WHERE c.id = ANY($1::bigint[])
  UNION ALL
  SELECT c.id, k.manager_id, c.state = 'ringing' AND c.direction = 'inbound'
  FROM call c JOIN client k ON k.id = c.client_id JOIN employee m ON m.id = k.manager_id
  WHERE c.id = ANY($1::bigint[]) AND m.presence = 'on'
  UNION ALL
  SELECT split_part(v.key, ':', 1)::bigint, s.id, false
  FROM view_memory v JOIN employee s ON s.telegram_id = split_part(v.key, ':', 2)::bigint
  WHERE v.view = 'call' AND v.key = ANY(
    SELECT w || ':' || t.telegram_id FROM unnest($1::bigint[]) AS w, employee t
    WHERE t.telegram_id IS NOT NULL AND t.active)
) a JOIN call c ON c.id = a.call_id JOIN employee e ON e.id = a.employee_id
WHERE c.direction <> 'internal' AND c.part_of IS NULL AND e.active AND e.telegram_id IS NOT NULL
GROUP BY a.call_id, e.id, e.telegram_id ORDER BY a.call_id, e.id
"""


async def seats(call_ids: Sequence[int]) -> list[Seat]:
    """Everybody concerned by these calls."""
    return [Seat(**row) for row in await db.fetch(SEATS, call_ids)] if call_ids else []


async def on_calls(recorded: Sequence[Recorded]) -> None:
    """A loud card where a client's call rings; every other news edits what stands there."""
    facts = [one.event for one in recorded]
    ids = sorted({getattr(one, "call_id", 0) or 0 for one in facts} - {0})
    rings = {
        (one.call_id, one.employee_id)
        for one in facts
        if isinstance(one, CallRinging) and one.direction == "inbound"
    }
    due = {(one.call_id, one.employee_id) for one in facts if isinstance(one, CallBackDue)}
    posts = [
        _card(seat, loud=(seat.call_id, seat.employee_id) in rings | due)
        for seat in await seats(ids)
    ]
    await put(*posts, *await _refusals(facts))


def _card(seat: Seat, *, loud: bool) -> Post:
    # A loud one is a row of its own: a mere change of the card must not silence it.
    return Post(
        lane=BOT_LANE,
        chat=str(seat.chat),
        kind="call",
        data={"call": seat.call_id, "loud": loud, "wanted": seat.wanted or loud},
        priority=RING_PRIORITY if loud else CARD_PRIORITY,
        slot=f"{'ring' if loud else 'call'}:{seat.call_id}",
    )


CHAT = "SELECT telegram_id FROM employee WHERE id = $1 AND active AND telegram_id IS NOT NULL"


async def _refusals(facts: Sequence[Event]) -> list[Post]:
    """What the PBX did not do, told to whoever asked for it."""
    found = []
    for one in facts:
        if isinstance(one, CallOrderFailed) and one.actor_id:
            chat = await db.fetchval(CHAT, one.actor_id)
            data = {"error": one.error}
            slot = f"order:{one.order_id}"
            if chat:
                found.append(
                    Post(
                        lane=BOT_LANE,
                        chat=str(chat),
                        kind="callfault",
                        data=data,
                        priority=RING_PRIORITY,
                        slot=slot,
                    )
                )
    return found


EVENTS: tuple[type[Event], ...] = (
    CallStarted,
    CallRinging,
    CallAnswered,
    CallChanged,
    CallEnded,
    CallLinked,
    CallNoted,
    CallResultSet,
    CallBackDue,
    CallOrderFailed,
    RecordingStored,
    RecordingUnavailable,
    RecordingRemoved,
)
HANDLERS: tuple[Handler, ...] = (Handler("bot.calls", EVENTS, on_calls),)

"""From facts of calls to rows of the bot's lane: whose phone rings sees who it is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.calls.refused import RING_PRIORITY, refusals
from bot.calls.seats import Seat, seats
from crm_core.calls.doings import CallOrderFailed
from crm_core.calls.events import (
    CallAnswered,
    CallChanged,
    CallEnded,
    CallLinked,
    CallRinging,
    CallStarted,
)
from crm_core.calls.resultevents import CallBackDue, CallNoted, CallResultSet
from crm_core.kernel.journal import Event, Recorded
from crm_core.kernel.pump import Handler
from crm_core.outbox.rows import BOT_LANE, Post, put
from crm_core.recordings.events import RecordingRemoved, RecordingStored, RecordingUnavailable

CARD_PRIORITY = 3


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
    await put(*posts, *await refusals(facts))


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

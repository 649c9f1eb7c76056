"""From facts about requests to cards in managers' chats, and their rendering when they leave."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogs import audience
from bot.dialogs.errand import Errand, MessageGone, digest
from bot.dialogs.posts import CARD_PRIORITY, Posts
from bot.places import pair
from bot.requests.cards import VIEW, card
from bot.requests.facts import facts_of
from crm_core.kernel import db, memory
from crm_core.kernel.journal import Event, Recorded
from crm_core.kernel.pump import Handler
from crm_core.outbox.rows import BOT_LANE, Post, put
from crm_core.requests import queries
from crm_core.requests.events import (
    RequestAccepted,
    RequestChanged,
    RequestDone,
    RequestHandedOver,
    RequestLimitCrossed,
    RequestOffered,
    RequestOfferWithdrawn,
    RequestRegistered,
    RequestRejected,
    RequestReopened,
    RequestReturned,
)
from routing.contracts import Sent
from routing.lanes import OutRow, Skipped


async def on_requests(recorded: Sequence[Recorded]) -> None:
    """Cards of everybody who sees the request; a new message for whom it is news."""
    fresh = {pair for one in recorded for pair in _news(one.event)}
    chats = {one: found for _, one in fresh for found in await audience.chats([one])}
    wanted = {(number, chats[who]): True for number, who in fresh if who in chats}
    numbers = {_id(one.event) for one in recorded}
    for number in numbers:
        for key in await memory.find(VIEW, f"{number}:"):
            wanted.setdefault((number, int(key.partition(":")[2])), False)
    await put(*(_post(number, chat, fresh=new) for (number, chat), new in sorted(wanted.items())))
    await _homes(numbers, {chat for _, chat in wanted})


def _id(event: Event) -> int:
    """All the facts of HANDLERS have it."""
    return int(getattr(event, "request_id"))  # noqa: B009 - they have no base of their own


def _news(event: Event) -> list[tuple[int, int]]:
    """For whom this is something new to do: (request, employee)."""
    match event:
        case RequestOffered():
            return [(event.request_id, one) for one in event.employee_ids]
        case RequestHandedOver(to_employee_id=int(one)):
            return [(event.request_id, one)]
    return []


def _post(number: int, chat: int, *, fresh: bool) -> Post:
    return Post(
        lane=BOT_LANE,
        chat=str(chat),
        kind="request",
        data={"request": number, "fresh": fresh},
        priority=CARD_PRIORITY,
        slot=f"{'rnews' if fresh else 'rcard'}:{number}",
    )


# Everybody of the queue, and who has it: their home messages count it.
CONCERNED = """
SELECT DISTINCT e.telegram_id AS chat FROM request r
JOIN employee e ON e.id = r.responsible_id
  OR e.id IN (SELECT employee_id FROM queue_member WHERE queue_id = r.queue_id)
WHERE r.id = ANY($1::bigint[]) AND e.active AND e.telegram_id IS NOT NULL
"""


async def _homes(numbers: set[int], chats: set[int]) -> None:
    rows = await db.fetch(CONCERNED, sorted(numbers))
    posts = Posts()
    for chat in chats | {row["chat"] for row in rows}:
        posts.home(chat)
    await posts.put()


async def send_request(errand: Errand, row: OutRow) -> Sent:
    """Bring the card of one request up to date; Skipped when it looks the same."""
    number, fresh = int(row.data["request"]), bool(row.data["fresh"])
    facts = await facts_of(errand.actor, await queries.view(number))
    screen = card(facts)
    key, looks = pair(number, errand.chat), digest(screen)
    known = await memory.get(VIEW, key) or {}
    stands = known.get("id")
    if stands and (not fresh or known["digest"] == looks):
        if known["digest"] == looks:
            raise Skipped("The card looks the same.")
        try:
            await errand.edit(stands, screen)
        except MessageGone:
            stands = None
        else:
            await memory.put(VIEW, key, {"id": stands, "digest": looks})
            return Sent((str(stands),))
    if not (facts.offered or facts.mine):
        raise Skipped("It is no longer theirs.")
    sent = await errand.post(screen, silent=not fresh)
    await memory.put(VIEW, key, {"id": sent, "digest": looks})
    if stands:
        await errand.remove(stands)
    return Sent((str(sent),))


HANDLERS: tuple[Handler, ...] = (
    Handler(
        "bot.requests",
        (
            RequestRegistered,
            RequestOffered,
            RequestOfferWithdrawn,
            RequestAccepted,
            RequestHandedOver,
            RequestReturned,
            RequestRejected,
            RequestDone,
            RequestReopened,
            RequestChanged,
            RequestLimitCrossed,
        ),
        on_requests,
    ),
)

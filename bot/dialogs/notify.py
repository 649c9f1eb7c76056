"""From facts to rows of the bot's lanes: who must see what. Pure database, no Telegram here.

Rows only say what they are about; the sender renders them when they leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.dialogs import audience
from bot.dialogs.audience import Seat
from bot.dialogs.posts import Posts
from crm_core.dialogs.events import (
    CorrectionFailed,
    DialogAccepted,
    DialogClosed,
    DialogOffered,
    DialogReturned,
    DialogSnoozed,
    DialogTransferred,
    DialogWoken,
    MessageEdited,
    MessageExtended,
    MessageReceived,
    MessageStatusChanged,
    NoteAdded,
    OfferWithdrawn,
    ReachChanged,
    ReplyMirrored,
    ReplyQueued,
)
from crm_core.kernel.journal import Event, Recorded
from crm_core.kernel.pump import Handler
from crm_core.staff.events import PresenceChanged

LOST = frozenset({"failed", "unknown"})


def _events(recorded: Sequence[Recorded], kind: type[Event]) -> list[Event]:
    return [one.event for one in recorded if isinstance(one.event, kind)]


def _dialog_ids(recorded: Iterable[Recorded]) -> list[int]:
    return sorted({one.event.dialog_id for one in recorded if one.event.dialog_id})


async def on_dialogs(recorded: Sequence[Recorded]) -> None:
    """Cards of everybody who has seen the dialog; news for whoever has it now."""
    seats = await audience.of_dialogs(_dialog_ids(recorded))
    news = {pair for one in recorded for pair in _news(one.event)}
    posts = Posts()
    for seat in seats:
        posts.card(seat, fresh=(seat.dialog_id, seat.employee_id) in news)
        posts.home(seat.chat)
    taken = [
        one
        for one in recorded
        if isinstance(one.event, DialogAccepted | DialogTransferred | DialogReturned)
    ]
    for words in await audience.unread(_dialog_ids(taken)):
        posts.words(words, silent=True)
    await posts.put()


def _news(event: Event) -> list[tuple[int | None, int]]:
    """For whom this is something new to do: (dialog, employee)."""
    match event:
        case DialogOffered():
            return [(event.dialog_id, one) for one in event.employee_ids]
        case DialogTransferred(to_employee_id=int(one)):
            return [(event.dialog_id, one)]
        case DialogWoken(why="time"):
            return [(event.dialog_id, event.employee_id)]
    return []


async def on_words(recorded: Sequence[Recorded]) -> None:
    """What clients wrote: to the one who has the dialog, else onto the cards of the asked."""
    ids = [one.event.message_id for one in recorded if isinstance(one.event, _SPOKEN)]
    posts = Posts()
    waiting: set[int] = set()
    for words in await audience.of_messages(ids):
        if words.seat is None:
            waiting.add(words.dialog_id)
        elif words.author_id != words.seat.employee_id:
            posts.words(words)
            posts.home(words.seat.chat)
    for seat in await audience.of_dialogs(sorted(waiting)):
        posts.card(seat)
    await posts.put()


_SPOKEN = MessageReceived | MessageExtended | NoteAdded


async def on_edits(recorded: Sequence[Recorded]) -> None:
    """Words were changed: where they stand they are changed, too (a manager's own they have
    changed themselves)."""
    edits = [one.event for one in recorded if isinstance(one.event, MessageEdited)]
    ids = [one.message_id for one in edits if one.direction == "in"]
    posts = Posts()
    ours = [one.message_id for one in edits if one.direction == "out"]
    for words in await audience.of_messages(ours):
        if words.seat is not None and words.author_id != words.seat.employee_id:
            posts.reword(words.seat, words.message_id)
    waiting: set[int] = set()
    for words in await audience.of_messages(ids):
        if words.seat is None:
            waiting.add(words.dialog_id)
        else:
            posts.reword(words.seat, words.message_id)
    for seat in await audience.of_dialogs(sorted(waiting)):
        posts.card(seat)
    await posts.put()


async def on_statuses(recorded: Sequence[Recorded]) -> None:
    """Marks under the manager's own words; a notice with a way out when they did not arrive."""
    latest = {
        one.event.message_id: one.event.status
        for one in recorded
        if isinstance(one.event, MessageStatusChanged)
    }
    posts = Posts()
    for seat, message_id, complained in await audience.authors(list(latest)):
        if complained or latest[message_id] in LOST:
            posts.fault(seat, message_id)
        if latest[message_id] not in LOST | {"queued"}:
            posts.mark(seat, message_id)
    await posts.put()


async def on_corrections(recorded: Sequence[Recorded]) -> None:
    """Whoever wrote it must know that the client still sees the first words."""
    ids = [one.event.message_id for one in recorded if isinstance(one.event, CorrectionFailed)]
    posts = Posts()
    for seat, message_id, _complained in await audience.authors(ids):
        posts.uncorrected(seat, message_id)
    await posts.put()


async def on_reach(recorded: Sequence[Recorded]) -> None:
    """The client can, or can no longer, be written to: whoever has the dialog should know."""
    posts = Posts()
    for event in _events(recorded, ReachChanged):
        assert isinstance(event, ReachChanged)  # noqa: S101 - picked so
        for seat in await audience.live(event.client_id, event.channel_id):
            posts.line(seat, "reachable" if event.reachable else "unreachable")
            posts.card(seat)
    await posts.put()


async def on_own(recorded: Sequence[Recorded]) -> None:
    """Answers and presence: numbers, cards, and the words of an answer written elsewhere."""
    people = {
        one.event.employee_id
        for one in recorded
        if isinstance(one.event, ReplyQueued | PresenceChanged)
    }
    posts = Posts()
    for chat in await audience.chats(sorted(people)):
        posts.home(chat)
    answers = [one.event for one in recorded if isinstance(one.event, ReplyQueued | ReplyMirrored)]
    for seat in await audience.holders(sorted({one.dialog_id for one in answers if one.dialog_id})):
        posts.card(seat)
    for words in await audience.of_messages([one.message_id for one in answers]):
        # Written in the panel, by a head, or past Pult: whoever has the dialog reads it here, too.
        if words.seat is not None and not words.written:
            posts.words(words, silent=True)
    await posts.put()


HANDLERS: tuple[Handler, ...] = (
    Handler(
        "bot.dialogs",
        (
            DialogOffered,
            OfferWithdrawn,
            DialogAccepted,
            DialogReturned,
            DialogTransferred,
            DialogSnoozed,
            DialogWoken,
            DialogClosed,
        ),
        on_dialogs,
    ),
    Handler("bot.words", (MessageReceived, MessageExtended, NoteAdded), on_words),
    Handler("bot.edits", (MessageEdited,), on_edits),
    Handler("bot.statuses", (MessageStatusChanged,), on_statuses),
    Handler("bot.corrections", (CorrectionFailed,), on_corrections),
    Handler("bot.reach", (ReachChanged,), on_reach),
    Handler("bot.own", (ReplyQueued, ReplyMirrored, PresenceChanged), on_own),
)

__all__ = ["HANDLERS", "Seat"]

"""The timeline: all channels, notes, facts and files in one order of time, with filters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold, ExpandableBlockQuote, Text

from bot import trail
from bot.clients.cards import name_of, to_card
from bot.clients.facts import for_eyes, message_of
from bot.clients.names import Names, names_of
from bot.clients.presses import Only, TimelinePress
from bot.clients.show import show
from bot.clients.told import called, requested, told
from bot.desk import Desk
from bot.dialogs.filewords import file_line
from bot.dialogs.words import head, summary
from bot.screen import Button, Screen, button, lines, shorten
from crm_core.clients import queries
from crm_core.clients.queries import ClientCard
from crm_core.clients.timeline import Cursor, ItemKind, TimelineItem, timeline
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

PAGE = 7
TELEGRAM_LIMIT = 4000
# The longest that fits is taken: seven long messages are cut shorter than one.
CUTS = (900, 360, 160, 50)
FOLDED = 140
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FILTERS: dict[Only, tuple[str, set[ItemKind] | None]] = {
    "a": (N_("All"), None),
    "m": (N_("💬 Messages"), {ItemKind.MESSAGE, ItemKind.CALL}),
    "n": (N_("🔒 Notes"), {ItemKind.NOTE}),
    "r": (N_("📥 Requests"), {ItemKind.REQUEST}),
    "e": (N_("🗂 Events"), {ItemKind.EVENT}),
    "f": (N_("📎 Files"), {ItemKind.FILE}),
}
EMPTY: dict[Only, str] = {
    "a": N_("Nothing has happened yet: messages, notes and events will stand here."),
    "m": N_("No messages yet: what the client and you write will stand here."),
    "n": N_("No notes yet: write one from the card, only colleagues see it."),
    "r": N_("No requests yet: forms, orders and calls will stand here."),
    "e": N_("No events yet: who accepted, handed over or changed what will stand here."),
    "f": N_("No files yet: what the client and you send will stand here."),
}


async def past(_query: CallbackQuery, callback_data: TimelinePress, desk: Desk) -> None:
    """A page of it; the latest first to be seen, the oldest on top as in a chat."""
    desk.actor.require(Right.CLIENT_READ)
    card = await queries.card(desk.actor, callback_data.id)
    found = await timeline(
        desk.actor,
        card.id,
        before=_cursor(callback_data.before) if callback_data.before else None,
        limit=PAGE + 1,
        kinds=FILTERS[callback_data.only][1],
    )
    page = await for_eyes(desk.actor, found[:PAGE][::-1])
    body = _body(desk.actor, card, page, await names_of(page))
    if not page:
        body = lines(_title(card), _(EMPTY[callback_data.only]))
    await show(desk, Screen(body, _rows(callback_data, found)))


def _rows(now: TimelinePress, found: Sequence[TimelineItem]) -> list[list[Button]]:
    filters = [
        button(
            f"• {_(title)}" if only == now.only else _(title),
            TimelinePress(id=now.id, only=only, back=now.back),
        )
        for only, (title, _kind) in FILTERS.items()
    ]
    turns = []
    if len(found) > PAGE:
        before = _packed(found[PAGE - 1].cursor)
        turns.append(button(f"‹ {_('Earlier')}", now.model_copy(update={"before": before})))
    if now.before:
        turns.append(button(f"{_('Latest')} ›", now.model_copy(update={"before": ""})))
    return [filters[:3], filters[3:], [*turns, to_card(now.id, now.back)]]


def _packed(cursor: Cursor) -> str:
    """A cursor in at most twenty bytes."""
    at, place, item = cursor
    return f"{trail.base36((at - EPOCH) // MICROSECOND)}-{place}-{trail.base36(item)}"


def _cursor(packed: str) -> Cursor:
    try:
        at, place, item = packed.split("-")
        return EPOCH + int(at, 36) * MICROSECOND, int(place), int(item, 36)
    except (ValueError, OverflowError):
        raise Invalid(N_("This button is outdated: open the timeline again.")) from None


def _title(card: ClientCard) -> Bold:
    return Bold(f"📜 {shorten(name_of(card), 60)}")


def _body(viewer: Actor, card: ClientCard, items: Sequence[TimelineItem], names: Names) -> Text:
    """As much of the texts as Telegram takes."""
    body = Text()
    for most in CUTS:
        entries = [_entry(one, card, names, (viewer.timezone, most)) for one in items]
        body = Text(_title(card), *(piece for one in entries for piece in ("\n\n", one)))
        if len(body.render()[0].encode("utf-16-le")) // 2 <= TELEGRAM_LIMIT:
            break
    return body


def _entry(item: TimelineItem, card: ClientCard, names: Names, cut: tuple[str, int]) -> Text:
    timezone, most = cut
    if item.kind is ItemKind.EVENT:
        return Text(told(item, names, timezone))
    if item.kind is ItemKind.REQUEST:
        return lines(requested(item, timezone), _words(shorten(item.text, most)) or None)
    if item.kind is ItemKind.CALL:
        return lines(called(item, timezone), _words(shorten(item.text, most)) or None)
    message = message_of(item)
    several = len({one.channel_id for one in card.identities}) > 1
    channel = names.dialogs.get(item.dialog_id or 0) if several else None
    files = shorten(", ".join(map(file_line, message.files)), min(most, 160))
    return lines(
        Text(head(message, shorten(card.name, 40), timezone), f" · {channel}" if channel else ""),
        _words(summary(message, most)) if message.text or not files else None,
        files or None,
    )


def _words(text: str) -> Text | str:
    long = len(text) > FOLDED or text.count("\n") > 2
    return ExpandableBlockQuote(text) if long else text

"""Two cards become one: pick the other one, compare, merge, undo."""

from __future__ import annotations

from collections.abc import Iterable

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold, Text

from bot import trail
from bot.clients.cards import KINDS, PAGE, found_label, name_of, to_card, ways
from bot.clients.presses import ClientPress, MergePress
from bot.clients.show import show
from bot.desk import Desk
from bot.forms import cancel
from bot.screen import Button, Screen, button, lines, shorten
from bot.times import moment
from crm_core.clients import queries
from crm_core.clients.queries import ClientCard, Found
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Conflict, Invalid
from crm_core.kernel.i18n import N_, ngettext
from crm_core.kernel.i18n import gettext as _

FORM = "client.merge"
LIKELY, UNDOABLE, WAYS = 3, 2, 5
MERGED = N_("One of these cards has been merged meanwhile. Open it again.")


async def ask(_query: CallbackQuery, callback_data: ClientPress, desk: Desk) -> None:
    """Which other card: one of the likely ones, or by name, phone, address."""
    desk.actor.require(Right.CLIENT_MERGE)
    card = await queries.card(desk.actor, callback_data.id)
    likely = await _likely(desk.actor, card)
    back = callback_data.back
    merged = [
        _("Merged %(time)s: %(name)s")
        % {"time": moment(one.at, desk.actor.timezone), "name": one.gone_name}
        for one in card.merges[:UNDOABLE]
    ]
    prompt = lines(
        Bold(f"🔗 {name_of(card)}"),
        *merged,
        _("With which card? Write its name, phone or mail address."),
        _("These look alike:") if likely else None,
    )
    rows = [*_choices(card, likely, back), *_undos(card, back), cancel()]
    await desk.ask(FORM, Screen(prompt, rows), client=card.id, back=back)


async def _likely(viewer: Actor, card: ClientCard) -> list[Found]:
    """Cards with a like name or the same contact."""
    found: dict[int, Found] = {}
    for text in [card.name, *(one.value for one in card.contacts[:3])]:
        for one in await queries.search(viewer, text, limit=LIKELY + 1):
            found.setdefault(one.id, one)
    found.pop(card.id, None)
    return list(found.values())[:LIKELY]


def _choices(card: ClientCard, found: Iterable[Found], back: str) -> list[list[Button]]:
    return [
        [
            button(
                found_label(number, one),
                MergePress(do="compare", id=card.id, gone=one.id, back=back),
            )
        ]
        for number, one in enumerate(found, 1)
    ]


def _undos(card: ClientCard, back: str) -> list[list[Button]]:
    return [
        [
            button(
                f"↩️ {_('Take apart: %(name)s') % {'name': one.gone_name}}",
                MergePress(do="undo", id=card.id, gone=one.merge_id, back=back),
            )
        ]
        for one in card.merges[:UNDOABLE]
    ]


async def picked(message: Message, desk: Desk) -> None:
    """The other card by search; when nothing is found the form stays open."""
    text = shorten(message.text or "", 100)
    data = await desk.state.get_data()
    card = await queries.card(desk.actor, data["client"])
    found = [
        one for one in await queries.search(desk.actor, text, limit=PAGE + 1) if one.id != card.id
    ]
    if not found:
        raise Invalid(N_("No other card is found by %(text)s. Write it differently."), text=text)
    answers = await desk.answers()
    body = lines(Bold(f"🔗 {name_of(card)}"), _("Choose the card to compare with."))
    rows = [*_choices(card, found[:PAGE], answers["back"]), [to_card(card.id, answers["back"])]]
    await desk.send(Screen(body, rows))


async def compare(_query: CallbackQuery, callback_data: MergePress, desk: Desk) -> None:
    """Both cards and what will happen."""
    desk.actor.require(Right.CLIENT_MERGE)
    kept, gone = (
        await queries.card(desk.actor, callback_data.id),
        await queries.card(desk.actor, callback_data.gone),
    )
    if kept.id == gone.id:
        raise Conflict(MERGED)
    await desk.answers()
    await show(desk, _compared(kept, gone, callback_data.back))


def _compared(kept: ClientCard, gone: ClientCard, back: str) -> Screen:
    contacts = len({(one.kind, one.value) for one in (*kept.contacts, *gone.contacts)})
    counts = {name: kept.counts[name] + gone.counts[name] for name in ("messages", "notes")}
    will = _(
        "One card stays, with all channels, messages (%(messages)s), notes (%(notes)s)"
        " and contacts (%(contacts)s). Name and manager stay as on the first one."
    )
    body = lines(
        Bold(f"🔗 {_('Merge two cards?')}"),
        Text("\n", _("Stays"), ": ", _side(kept)),
        Text("\n", _("Is folded into it"), ": ", _side(gone)),
        "\n" + will % (counts | {"contacts": contacts}),
        _("This can be undone."),
    )
    swap = MergePress(do="compare", id=gone.id, gone=kept.id, back=back)
    done = MergePress(do="merge", id=kept.id, gone=gone.id, back=back)
    return Screen(
        body,
        [
            [button(f"🔗 {_('Merge')}", done)],
            [button(f"⇄ {_('Keep the other one')}", swap)],
            [to_card(kept.id, back)],
        ],
    )


def _side(card: ClientCard) -> Text:
    found = ways(card)
    rest = len(found) - WAYS
    messages = card.counts["messages"]
    count = ngettext("%(count)s message", "%(count)s messages", messages) % {"count": messages}
    manager = card.manager_name or _("nobody")
    return lines(
        Bold(f"{KINDS.get(card.kind, '👤')} {card.name}"),
        _("Looked after by: %(name)s") % {"name": manager} + f" · {count}",
        *(shorten(line, 80) for line in found[:WAYS]),
        f"… + {rest}" if rest > 0 else None,
    )


async def merge(_query: CallbackQuery, callback_data: MergePress, desk: Desk) -> None:
    kept, gone = (
        await queries.card(desk.actor, callback_data.id),
        await queries.card(desk.actor, callback_data.gone),
    )
    done = await desk.run("client.merge", kept_id=callback_data.id, gone_id=callback_data.gone)
    back = callback_data.back
    undo = MergePress(do="undo", id=kept.id, gone=done["merge_id"], back=back)
    said = _("✓ %(gone)s is now part of the card %(kept)s.")
    body = lines(
        Bold(f"🔗 {_('Merged')}"),
        said % {"gone": gone.name, "kept": kept.name},
        _("If it was a mistake, take them apart: everything goes back to where it was."),
    )
    rows = [[button(f"↩️ {_('Undo the merge')}", undo)], [_opens(kept, back)], [trail.back(back)]]
    await show(desk, Screen(body, rows))


async def undo(_query: CallbackQuery, callback_data: MergePress, desk: Desk) -> None:
    """A second press is told that it has been done; the card shows the truth."""
    desk.actor.require(Right.CLIENT_MERGE)
    await desk.answers()
    done = await desk.run("client.unmerge", merge_id=callback_data.gone)
    back = callback_data.back
    kept, gone = (
        await queries.card(desk.actor, done["kept_id"]),
        await queries.card(desk.actor, done["gone_id"]),
    )
    body = lines(
        Bold(f"↩️ {_('Two cards again')}"),
        _("Everything that was written on each of them is back in its place."),
    )
    rows = [[_opens(kept, back)], [_opens(gone, back)], [trail.back(back)]]
    await show(desk, Screen(body, rows))


def _opens(card: ClientCard, back: str) -> Button:
    return button(name_of(card), ClientPress(do="card", id=card.id, back=back))

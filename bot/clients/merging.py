"""Two cards become one: pick the other one, undo; what is between stands in `comparing`."""

from __future__ import annotations

from collections.abc import Iterable

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot import trail
from bot.clients.cards import PAGE, found_label, name_of, to_card
from bot.clients.presses import ClientPress, MergePress
from bot.clients.show import show
from bot.desk import Desk
from bot.forms import cancel
from bot.screen import Button, Screen, button, lines, shorten
from bot.times import moment
from crm_core.clients import queries
from crm_core.clients.access import readable
from crm_core.clients.queries import ClientCard, Found
from crm_core.duplicates import matching
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

FORM = "client.merge"
LIKELY, UNDOABLE = 3, 2


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
    """Cards that are likely the same client or share a contact, the surest first."""
    twins = (await matching.of_clients([card.id]))[card.id]
    seen = await readable(viewer, [one.client_id for one in twins])
    return await queries.found(seen[:LIKELY])


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
    rows = [[opens(kept, back)], [opens(gone, back)], [trail.back(back)]]
    await show(desk, Screen(body, rows))


def opens(card: ClientCard, back: str) -> Button:
    return button(name_of(card), ClientPress(do="card", id=card.id, back=back))

"""Which of several contacts it is (work, mobile, …), and which one is preferred."""

from __future__ import annotations

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold

from bot.clients.cards import LABELS, contact_line, name_of
from bot.clients.presses import ClientPress, LabelPress
from bot.clients.show import show
from bot.desk import Desk
from bot.screen import Screen, button, lines
from crm_core.clients import queries
from crm_core.clients.queries import ClientCard
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

MOST = 8


async def which(_query: CallbackQuery, callback_data: ClientPress, desk: Desk) -> None:
    """Which contact to label."""
    desk.actor.require(Right.CLIENT_WRITE)
    card = await queries.card(desk.actor, callback_data.id)
    rows = [
        [button(contact_line(one), LabelPress(id=card.id, contact=one.id, back=callback_data.back))]
        for one in card.contacts[:MOST]
    ]
    body = lines(Bold(f"🏷 {name_of(card)}"), _("Which one do you want to label?"))
    back = ClientPress(do="contacts", id=card.id, back=callback_data.back)
    await show(desk, Screen(body, [*rows, [button(f"← {_('Back')}", back)]]))


async def labels(_query: CallbackQuery, callback_data: LabelPress, desk: Desk) -> None:
    """A press changes it at once: another press takes it back."""
    press = callback_data
    if press.do in LABELS or press.do == "none":
        label = "" if press.do == "none" else press.do
        await desk.run(
            "client.change_contact", client_id=press.id, contact_id=press.contact, label=label
        )
    elif press.do in {"star", "less"}:
        chosen = {"preferred": press.do == "star"}
        await desk.run(
            "client.change_contact", client_id=press.id, contact_id=press.contact, **chosen
        )
    desk.actor.require(Right.CLIENT_WRITE)
    await show(desk, labels_screen(await queries.card(desk.actor, press.id), press))


def labels_screen(card: ClientCard, press: LabelPress) -> Screen:
    """The labels there are; the one that stands is marked. Pure."""
    one = next((each for each in card.contacts if each.id == press.contact), None)
    if one is None:
        raise NotFound(N_("This contact is no longer on the card."))
    given = [
        button(
            f"• {_(title)}" if name == one.label else _(title),
            press.model_copy(update={"do": "none" if name == one.label else name}),
        )
        for name, title in LABELS.items()
    ]
    star = "less" if one.preferred else "star"
    title = _("Not preferred") if one.preferred else _("Preferred")
    back = ClientPress(do="contacts", id=card.id, back=press.back)
    body = lines(
        Bold(f"🏷 {name_of(card)}"),
        contact_line(one),
        _("The preferred one stands first and is called by one press."),
    )
    rows = [
        given,
        [button(f"⭐ {title}", press.model_copy(update={"do": star}))],
        [button(f"← {_('Back')}", back)],
    ]
    return Screen(body, rows)

"""What handles what with clients: the list, the card and all that hangs on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery

# The commands this slice runs are registered by being imported.
import crm_core.clients.commands
import crm_core.clients.contactchanges
import crm_core.clients.merging
import crm_core.duplicates.commands  # noqa: F401
from bot import trail
from bot.clients import (
    beginning,
    cards,
    comparing,
    contacts,
    editing,
    labelling,
    merging,
    more,
    opening,
    picking,
    twins,
    workplace,
)
from bot.clients.facts import facts_of
from bot.clients.past import past
from bot.clients.presses import (
    BeginPress,
    ChoicePress,
    ClientPress,
    ClientsPress,
    ContactPress,
    LabelPress,
    ManagerPress,
    MergePress,
    OpeningPress,
    TimelinePress,
    TwinsPress,
)
from bot.clients.show import Redraws, show, show_card
from bot.desk import Desk
from bot.dialogs.presses import DialogPress
from bot.forms import form
from bot.home.presses import HomePress
from crm_core.dialogs import queries as dialogs


async def card(_query: CallbackQuery, callback_data: ClientPress, desk: Desk) -> None:
    await show_card(desk, callback_data.id, callback_data.back)


async def of_dialog(_query: CallbackQuery, callback_data: DialogPress, desk: Desk) -> None:
    """From a dialog's card to its client's."""
    view = await dialogs.dialog(desk.actor, callback_data.id)
    await show_card(desk, view.client_id, trail.dialog(view.id, callback_data.back))


async def write(_query: CallbackQuery, callback_data: ClientPress, desk: Desk) -> None:
    facts = await facts_of(desk.actor, callback_data.id, callback_data.back)
    await show(desk, cards.dialogs(facts))


async def more_of(_query: CallbackQuery, callback_data: ClientPress, desk: Desk) -> None:
    facts = await facts_of(desk.actor, callback_data.id, callback_data.back)
    await show(desk, more.more(facts))


def router() -> Router:
    router = Router(name="clients")
    router.callback_query.middleware(Redraws())
    pressed = router.callback_query.register
    pressed(workplace.clients, HomePress.filter(F.to == workplace.ROOM))
    pressed(workplace.clients, ClientsPress.filter(F.do == "list"))
    pressed(workplace.filters, ClientsPress.filter(F.do == "filter"))
    pressed(workplace.managers, ClientsPress.filter(F.do == "of"))
    pressed(picking.which, ClientsPress.filter(F.do == "which"))
    pressed(of_dialog, DialogPress.filter(F.do == "client"))
    actions: dict[str, Callable[..., Any]] = {
        "card": card,
        "write": write,
        "contacts": contacts.contacts,
        "remove": contacts.which,
        "label": labelling.which,
        "rename": editing.rename,
        "note": editing.note,
        "manager": editing.who,
        "merge": merging.ask,
        "begin": beginning.where,
        "more": more_of,
    }
    for do, action in actions.items():
        pressed(action, ClientPress.filter(F.do == do))
    pressed(beginning.ask, BeginPress.filter())
    pressed(past, TimelinePress.filter())
    pressed(opening.begin, OpeningPress.filter())
    pressed(labelling.labels, LabelPress.filter())
    pressed(contacts.drop, ContactPress.filter(F.do == "drop"))
    pressed(contacts.restore, ContactPress.filter(F.do == "restore"))
    pressed(contacts.ask, ContactPress.filter())
    pressed(editing.who, ManagerPress.filter(F.do == "page"))
    pressed(editing.give, ManagerPress.filter(F.do == "set"))
    pressed(comparing.compare, MergePress.filter(F.do == "compare"))
    pressed(comparing.merge, MergePress.filter(F.do == "merge"))
    pressed(comparing.compare, ChoicePress.filter(F.do == "take"))
    pressed(comparing.merge, ChoicePress.filter(F.do == "merge"))
    pressed(comparing.two, ChoicePress.filter(F.do == "two"))
    pressed(twins.listed, TwinsPress.filter())
    pressed(merging.undo, MergePress.filter(F.do == "undo"))
    answered = router.message.register
    answered(contacts.add, form(contacts.FORM), F.text)
    answered(beginning.begin, form(beginning.FORM))
    answered(editing.renamed, form(editing.RENAME), F.text)
    answered(editing.noted, form(editing.NOTE), F.text)
    answered(merging.picked, form(merging.FORM), F.text)
    return router

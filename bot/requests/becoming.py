"""A request becomes a client's card or a dialog."""

from __future__ import annotations

from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot import trail
from bot.clients import show as clients
from bot.clients.cards import found_label
from bot.clients.presses import ClientPress
from bot.desk import Desk
from bot.dialogs.show import open_card
from bot.forms import cancel
from bot.places import pair
from bot.requests.cards import VIEW, back_to_card, who
from bot.requests.presses import ChosenClientPress, RequestPress
from bot.requests.show import show
from bot.screen import Screen, button, lines
from crm_core.clients.queries import Found, found
from crm_core.kernel import db, memory
from crm_core.kernel.errors import Missing
from crm_core.kernel.i18n import gettext as _
from crm_core.requests import queries
from crm_core.requests.queries import RequestView
from crm_core.requests.registering import candidates_of

NAME = "request.name"


async def client(_query: CallbackQuery, callback_data: RequestPress, desk: Desk) -> None:
    """One press; only when several cards have the contact, a person must choose."""
    view = await queries.request(desk.actor, callback_data.id)
    several = [] if view.client_id else await candidates_of({"person": view.person})
    if several:
        await show(desk, _choice(view, await found(several), callback_data.back))
        return
    chosen = ChosenClientPress(id=view.id, to=view.client_id or 0, back=callback_data.back)
    await _make(desk, chosen)


def _choice(view: RequestView, cards: list[Found], back: str) -> Screen:
    rows = [
        [button(found_label(n, one), ChosenClientPress(id=view.id, to=one.id, back=back))]
        for n, one in enumerate(cards[:7], 1)
    ]
    new = button(f"➕ {_('Somebody new')}", ChosenClientPress(id=view.id, to=0, back=back))
    body = lines(Bold(f"👤 {who(view)}"), _("Several cards have this phone or address. Who is it?"))
    return Screen(body, [*rows, [new], back_to_card(view.id, back)])


async def chosen(_query: CallbackQuery, callback_data: ChosenClientPress, desk: Desk) -> None:
    await _make(desk, callback_data)


async def _make(desk: Desk, press: ChosenClientPress) -> None:
    try:
        async with db.transaction():
            made = await desk.run(
                "request.to_client", request_id=press.id, client_id=press.to or None
            )
            # The client's card takes the place of this one: no fact may draw over it.
            await memory.drop(VIEW, pair(press.id, desk.chat_id))
    except Missing:
        prompt = Screen(lines(_("What is the client called? Write the name.")), [cancel()])
        return await desk.ask(NAME, prompt, request=press.id, back=press.back)
    await desk.toast(_told(made))
    return await clients.show_card(desk, made["client_id"], trail.request(press.id, press.back))


def _told(made: dict[str, Any]) -> str:
    if made["duplicates"]:
        return "⚠️ " + _("Done. Other cards have the same contact: compare them.")
    return "✓ " + _("The application has become a client")


async def named(message: Message, desk: Desk) -> None:
    answers = await desk.answers()
    made = await desk.run(
        "request.to_client", request_id=answers["request"], name=message.text or ""
    )
    back = trail.request(answers["request"], answers["back"])
    opens = button(
        f"👤 {_('Open the card')}", ClientPress(do="card", id=made["client_id"], back=back)
    )
    await desk.send(Screen(lines(_told(made)), [[opens]]), reply=True)


async def dialog(_query: CallbackQuery, callback_data: RequestPress, desk: Desk) -> None:
    """The dialog's card comes to the end of the chat: there one writes."""
    made = await desk.run("request.to_dialog", request_id=callback_data.id)
    await desk.toast("✓ " + _("The dialog is open: write"))
    await open_card(desk, made["dialog_id"])

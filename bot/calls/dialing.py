"""Calling out: a number on a card, whoever made a request, a call's number again."""

from __future__ import annotations

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold

from bot.calls.loading import entitled
from bot.calls.numbers import number_rows, phones_of
from bot.calls.presses import AskerPress, CallPress, PhonePress
from bot.clients.cards import name_of, to_card
from bot.clients.show import show
from bot.desk import Desk
from bot.screen import Screen, lines
from crm_core.clients import queries
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.requests import queries as requests

NO_PHONE = N_("There is no phone number on this card yet.")
GONE = N_("This contact is no longer on the card.")


async def phone(_query: CallbackQuery, callback_data: PhonePress, desk: Desk) -> None:
    """A number of a client's card."""
    desk.actor.require(Right.CLIENT_READ)
    card = await queries.card(desk.actor, callback_data.id)
    phones = phones_of(card)
    if not phones:
        raise NotFound(NO_PHONE)
    if callback_data.contact == 0 and len(phones) > 1:
        rows = number_rows(card, desk.actor, callback_data.back)
        body = lines(Bold(name_of(card)), _("Which number?"))
        last = [to_card(card.id, callback_data.back)]
        return await show(desk, Screen(body, [*rows, last]))
    chosen = [one for one in phones if one.id == callback_data.contact or len(phones) == 1]
    if not chosen:
        raise NotFound(GONE)
    return await dial(desk, chosen[0].value, card.id)


async def asker(_query: CallbackQuery, callback_data: AskerPress, desk: Desk) -> None:
    """Whoever made a request, linked to its card."""
    view = await requests.request(desk.actor, callback_data.id)
    origin = {"kind": "request", "id": view.id}
    number = view.person.get("phone", "")
    await desk.run("call.dial", number=number, client_id=view.client_id, origin=origin)
    await _told(desk)


async def again(_query: CallbackQuery, callback_data: CallPress, desk: Desk) -> None:
    """The number of a call, linked to that call's card."""
    facts = await entitled(desk.actor, callback_data.id)
    call = facts.call
    origin = {"kind": "call", "id": call.id}
    await desk.run("call.dial", number=call.number or "", client_id=call.client_id, origin=origin)
    await _told(desk)


async def dial(desk: Desk, number: str, client_id: int | None) -> None:
    origin = {"kind": "client", "id": client_id} if client_id else None
    await desk.run("call.dial", number=number, client_id=client_id, origin=origin)
    await _told(desk)


async def _told(desk: Desk) -> None:
    said = _("Your phone is about to ring: pick it up, then I call")
    if desk.pressed:
        await desk.toast(said)
    else:
        await desk.say(f"📞 {said}")

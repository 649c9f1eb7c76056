"""Calling out: a number on a card, or `/call` with a number or a name."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot import trail
from bot.calls.facts import entitled
from bot.calls.numbers import number_rows, phones_of
from bot.calls.presses import AskerPress, CallPress, PhonePress
from bot.clients.cards import found_label, name_of, to_card
from bot.clients.show import show
from bot.desk import Desk
from bot.forms import cancel
from bot.screen import Screen, button, lines
from crm_core.calls.record import clients_of
from crm_core.calls.rules import outside_number
from crm_core.clients import queries
from crm_core.clients.queries import Found
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.requests import queries as requests

FORM = "call.dial"
PAGE = 7
NO_PHONE = N_("There is no phone number on this card yet.")
GONE = N_("This contact is no longer on the card.")
ASK = N_("Whom do you want to call? Write a number or a name.")


async def phone(_query: CallbackQuery, callback_data: PhonePress, desk: Desk) -> None:
    """A number of a client's card."""
    desk.actor.require(Right.CLIENT_READ)
    card = await queries.card(callback_data.id)
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
    return await _dial(desk, chosen[0].value, card.id)


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


async def _dial(desk: Desk, number: str, client_id: int | None) -> None:
    origin = {"kind": "client", "id": client_id} if client_id else None
    await desk.run("call.dial", number=number, client_id=client_id, origin=origin)
    await _told(desk)


async def _told(desk: Desk) -> None:
    said = _("Your phone is about to ring: pick it up, then I call")
    if desk.pressed:
        await desk.toast(said)
    else:
        await desk.say(f"📞 {said}")


async def command(_message: Message, command: CommandObject, desk: Desk) -> None:
    """`/call 8 912 345-67-89`, `/call Ivanov`, or a question."""
    if words := (command.args or "").strip():
        return await _meant(desk, words)
    return await desk.ask(FORM, Screen(lines(_(ASK)), [cancel()]))


async def answered(message: Message, desk: Desk) -> None:
    await desk.answers()
    await _meant(desk, (message.text or "").strip())


async def _meant(desk: Desk, words: str) -> None:
    """A number is called at once; a name finds people who have one."""
    desk.actor.require(Right.CALL_WORK)
    number = outside_number(words) if not any(map(str.isalpha, words)) else None
    if number is not None:
        known = (await clients_of([number])).get(number)
        return await _dial(desk, number, known)
    found = [one for one in await queries.search(words, limit=PAGE * 3) if _callable(one)]
    await desk.send(_choice(words, found[:PAGE]), reply=True)
    return None


def _callable(one: Found) -> bool:
    """A first phone comes before other contacts, so what stands there tells."""
    return bool(one.contact and one.contact.lstrip("+").isdigit())


def _choice(words: str, found: Sequence[Found]) -> Screen:
    rows = [
        [button(f"📞 {found_label(number, one)}", PhonePress(id=one.id))]
        for number, one in enumerate(found, 1)
    ]
    hint = _("Whom do you call?") if found else _("Nobody with a phone number was found.")
    return Screen(lines(Bold(f"🔎 {words[:60]}"), hint), [*rows, [trail.back("")]])

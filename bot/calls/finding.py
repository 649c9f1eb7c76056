"""`/call` with a number or a name: whom it means."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters import CommandObject
from aiogram.types import Message
from aiogram.utils.formatting import Bold

from bot import trail
from bot.calls.dialing import dial
from bot.calls.presses import PhonePress
from bot.clients.cards import found_label
from bot.desk import Desk
from bot.forms import cancel
from bot.screen import Screen, button, lines
from crm_core.calls.callers import clients_of
from crm_core.calls.rules import outside_number
from crm_core.clients import queries
from crm_core.clients.queries import Found
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

FORM = "call.dial"
PAGE = 7
ASK = N_("Whom do you want to call? Write a number or a name.")


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
        return await dial(desk, number, known)
    found = [
        one for one in await queries.search(desk.actor, words, limit=PAGE * 3) if _callable(one)
    ]
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

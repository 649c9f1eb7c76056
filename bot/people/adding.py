"""Adding a contact person (or a company to a person): found by one line, or made of it."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot.clients.cards import found_label, name_of
from bot.clients.show import show
from bot.desk import Desk
from bot.forms import cancel
from bot.people import views
from bot.people.presses import PeoplePress, PersonPress, Side
from bot.people.show import offered, place_of
from bot.screen import Button, Screen, button, lines, shorten
from crm_core.clients import queries
from crm_core.clients.queries import ClientCard, Found
from crm_core.kernel import db, memory
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Conflict, Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.requests.capturing import query, typed

FORM = "people.add"
NEW = "people.new"  # chat -> {kind, name, phone, email}  the card that may be made
MOST, LONGEST = 6, 200
# A person nobody knows becomes a card without a question when it says how to reach them.
REACHES = {"phone", "email"}


async def ask(_query: CallbackQuery, callback_data: PeoplePress, desk: Desk) -> None:
    desk.actor.require(Right.CLIENT_WRITE)
    card = await queries.card(desk.actor, callback_data.id)
    if card.kind == "company":
        question = _("Who is it? Write a name, phone or mail; for a new card, name and phone.")
    else:
        question = _("Which company? Write its name, INN or phone.")
    prompt = Screen(lines(Bold(name_of(card)), question), [cancel()])
    await desk.ask(FORM, prompt, client=card.id, back=callback_data.back)


async def told(message: Message, desk: Desk) -> None:
    """What fits is offered; a name with a phone that nobody knows becomes a card at once."""
    data = await desk.state.get_data()
    card = await queries.card(desk.actor, data["client"])
    person = typed(shorten(message.text or "", LONGEST))
    wanted = "person" if card.kind == "company" else "company"
    found = await _found(desk.actor, person, wanted)
    if not found and not person.get("name"):
        raise Invalid(N_("Nobody is found by this. Write the name as well: I make a new card."))
    answers = await desk.answers()
    await memory.put(NEW, str(desk.chat_id), {"kind": wanted, **person})
    sure = wanted == "company" or bool(REACHES & person.keys())
    if not found and sure:
        await desk.send(await _made(desk, card, answers["back"]), reply=True)
    else:
        await desk.send(_choice(card, found, person.get("name", ""), answers["back"]), reply=True)


async def _found(viewer: Actor, person: dict[str, str], kind: str) -> Sequence[Found]:
    rows: dict[int, Found] = {}
    for text in query(person):
        for one in await queries.search(viewer, text, limit=20):
            if one.kind == kind:
                rows.setdefault(one.id, one)
    return list(rows.values())[:MOST]


def _choice(card: ClientCard, found: Sequence[Found], name: str, back: str) -> Screen:
    rows = [[_joins(card, number, one, back)] for number, one in enumerate(found, 1)]
    label = f"➕ {_('New card: %(name)s') % {'name': shorten(name, 26)}}"
    new = [button(label, PeoplePress(do="new", id=card.id, back=back))] if name else []
    aside = button(f"← {_('Back')}", PeoplePress(do="list", id=card.id, back=back))
    hint = _("These may be the one:") if found else _("Nothing like that is found.")
    return Screen(lines(Bold(name_of(card)), hint), [*rows, new, [aside]])


def _joins(card: ClientCard, number: int, one: Found, back: str) -> Button:
    return button(found_label(number, one), _press(card, one.id, back))


def _press(card: ClientCard, other: int, back: str) -> PersonPress:
    side: Side = "c" if card.kind == "company" else "p"
    of, who = (card.id, other) if side == "c" else (other, card.id)
    return PersonPress(do="join", of=of, id=who, side=side, back=back)


async def make(_query: CallbackQuery, callback_data: PeoplePress, desk: Desk) -> None:
    """A new card of what was written last."""
    card = await queries.card(desk.actor, callback_data.id)
    await show(desk, await _made(desk, card, callback_data.back))


async def _made(desk: Desk, card: ClientCard, back: str) -> Screen:
    """Make the card, link it, and ask for the position: one step for whoever looks on."""
    new = await memory.get(NEW, str(desk.chat_id))
    if new is None or not new.get("name"):
        raise Conflict(N_("It has been made already."))
    given = {name: new[name] for name in ("kind", "name", "phone", "email") if new.get(name)}
    async with db.transaction():
        made = await desk.run("client.create", **given)
        press = _press(card, made["client_id"], back)
        await desk.run("client.link", company_id=press.of, person_id=press.id)
        await memory.drop(NEW, str(desk.chat_id))
    return views.positions(await place_of(desk, press), await offered(desk))

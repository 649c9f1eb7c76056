"""What handles what with contact persons and requisites."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

# The commands this slice runs are registered by being imported.
import crm_core.clients.contactchanges
import crm_core.clients.details
import crm_core.clients.linking  # noqa: F401
from bot.clients.show import show
from bot.desk import Desk
from bot.forms import cancel, form
from bot.people import adding, requisites, views
from bot.people.presses import PeoplePress, PersonPress, RequisitesPress
from bot.people.show import offered, place_of, show_around, show_place
from bot.screen import Screen, lines
from crm_core.clients import queries
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import Conflict, Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

POSITION = "people.position"
LONGEST = 120


async def around(_query: CallbackQuery, callback_data: PeoplePress, desk: Desk) -> None:
    await show_around(desk, callback_data.id, callback_data.back, max(callback_data.page, 0))


async def kind(_query: CallbackQuery, callback_data: PeoplePress, desk: Desk) -> None:
    """The other kind; another press takes it back, so it is not asked twice."""
    card = await queries.card(desk.actor, callback_data.id)
    other = "person" if card.kind == "company" else "company"
    await desk.run("client.set_kind", client_id=card.id, kind=other)
    await show_around(desk, card.id, callback_data.back)


async def one(_query: CallbackQuery, callback_data: PersonPress, desk: Desk) -> None:
    await show_place(desk, callback_data)


async def main(_query: CallbackQuery, callback_data: PersonPress, desk: Desk) -> None:
    """An outdated *not the main one* takes nothing from whoever is the main one by now."""
    press = callback_data
    person = press.id if press.do == "main" else None
    if person or (await place_of(desk, press)).member.is_main:
        await desk.run("client.set_main_person", company_id=press.of, person_id=person)
    await show_place(desk, press)


async def drop(_query: CallbackQuery, callback_data: PersonPress, desk: Desk) -> None:
    found = await place_of(desk, callback_data)
    await desk.run("client.unlink", company_id=callback_data.of, person_id=callback_data.id)
    await show(desk, views.dropped(found))


async def join(_query: CallbackQuery, callback_data: PersonPress, desk: Desk) -> None:
    """Link them; whoever has no position yet is asked for it."""
    await desk.run("client.link", company_id=callback_data.of, person_id=callback_data.id)
    found = await place_of(desk, callback_data)
    if found.member.position:
        await show(desk, views.place(found))
    else:
        await show(desk, views.positions(found, await offered(desk)))


async def position(_query: CallbackQuery, callback_data: PersonPress, desk: Desk) -> None:
    desk.actor.require(Right.CLIENT_WRITE)
    await show(desk, views.positions(await place_of(desk, callback_data), await offered(desk)))


async def choose(_query: CallbackQuery, callback_data: PersonPress, desk: Desk) -> None:
    """A suggestion; they change with what the house uses, so it is looked for by its mark."""
    chosen = [one for one in await offered(desk) if views.mark(one) == callback_data.at]
    if not chosen:
        raise Conflict(N_("The suggestions have changed meanwhile: choose again."))
    await _set(desk, callback_data, chosen[0])
    await show_place(desk, callback_data)


async def _set(desk: Desk, press: PersonPress, said: str) -> None:
    ids = {"company_id": press.of, "person_id": press.id}
    await desk.run("client.set_position", **ids, position=said)


async def ask(_query: CallbackQuery, callback_data: PersonPress, desk: Desk) -> None:
    desk.actor.require(Right.CLIENT_WRITE)
    found = await place_of(desk, callback_data)
    prompt = lines(
        Bold(f"👤 {found.person.card.name} · 🏢 {found.company.name}"),
        _("Write the position, as on a business card."),
    )
    await desk.ask(POSITION, Screen(prompt, [cancel()]), press=callback_data.pack())


async def told(message: Message, desk: Desk) -> None:
    said = " ".join((message.text or "").split())
    if not 0 < len(said) <= LONGEST:
        raise Invalid(N_("A position has from 1 to %(most)s characters."), most=LONGEST)
    press = PersonPress.unpack((await desk.answers())["press"])
    await _set(desk, press, said)
    await desk.send(views.place(await place_of(desk, press)), reply=True)


def router() -> Router:
    router = Router(name="people")
    pressed = router.callback_query.register
    pressed(around, PeoplePress.filter(F.do == "list"))
    pressed(adding.ask, PeoplePress.filter(F.do == "add"))
    pressed(adding.make, PeoplePress.filter(F.do == "new"))
    pressed(kind, PeoplePress.filter(F.do == "kind"))
    actions = {"one": one, "pos": position, "set": choose, "own": ask, "drop": drop}
    for do, action in actions.items():
        pressed(action, PersonPress.filter(F.do == do))
    pressed(main, PersonPress.filter(F.do.in_({"main", "less"})))
    pressed(join, PersonPress.filter(F.do.in_({"join", "undo"})))
    pressed(requisites.screen, RequisitesPress.filter(F.field == ""))
    pressed(requisites.ask, RequisitesPress.filter())
    answered = router.message.register
    answered(adding.told, form(adding.FORM), F.text)
    answered(told, form(POSITION), F.text)
    answered(requisites.told, form(requisites.FORM), F.text)
    return router

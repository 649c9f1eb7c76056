"""Loading and showing contact persons."""

from __future__ import annotations

from bot.clients.facts import facts_of
from bot.clients.show import show
from bot.desk import Desk
from bot.people import views
from bot.people.presses import PersonPress
from bot.people.views import Around, Place
from crm_core.clients import links, queries
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _


async def show_around(desk: Desk, client_id: int, back: str, page: int = 0) -> None:
    """The list of the other sides, in place of what was pressed."""
    await show(desk, views.around(await around_of(desk, client_id, back, page)))


async def around_of(desk: Desk, client_id: int, back: str, page: int = 0) -> Around:
    desk.actor.require(Right.CLIENT_READ)
    card = await queries.card(desk.actor, client_id)
    company = card.kind == "company"
    members = await links.people_of(desk.actor, card.id) if company else card.companies
    return Around(card=card, members=members, viewer=desk.actor, page=page, back=back)


async def place_of(desk: Desk, press: PersonPress) -> Place:
    """NotFound when they have been taken off meanwhile."""
    company = await queries.card(desk.actor, press.of)
    people = await links.people_of(desk.actor, company.id)
    person = await facts_of(desk.actor, press.id)
    member = next((one for one in people if one.id == person.card.id), None)
    if member is None:
        raise NotFound(N_("This person is no longer a contact person here."))
    return Place(company=company, person=person, member=member, side=press.side, back=press.back)


async def show_place(desk: Desk, press: PersonPress) -> None:
    await show(desk, views.place(await place_of(desk, press)))


async def offered(desk: Desk) -> list[str]:
    """Positions to choose from, in the person's language, each once."""
    return list(dict.fromkeys(_(one) for one in await links.positions(desk.actor)))

"""The way from a card to its people or companies. Pure."""

from __future__ import annotations

from bot.people.presses import PeoplePress
from bot.screen import Button, button
from crm_core.clients.queries import ClientCard
from crm_core.kernel.i18n import gettext as _


def shows_people(one: ClientCard) -> bool:
    """Whether the card itself has the button to people or companies."""
    return one.kind == "company" or bool(one.companies)


def people_button(one: ClientCard, back: str) -> Button:
    """To the people of a company, to the companies of a person."""
    count = one.people if one.kind == "company" else len(one.companies)
    title = f"👥 {_('People')}" if one.kind == "company" else f"🏢 {_('Companies')}"
    label = f"{title} {count}" if count else title
    return button(label, PeoplePress(do="list", id=one.id, back=back))

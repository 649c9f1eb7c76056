"""Phone numbers of a client as buttons that call them. Pure."""

from __future__ import annotations

from bot.calls.presses import AskerPress, PhonePress
from bot.screen import Button, button
from crm_core.clients.queries import ClientCard, ContactView
from crm_core.clients.rules import ContactKind
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import gettext as _
from crm_core.requests.queries import RequestView

PAGE, MOST_HERE = 7, 2


def phones_of(card: ClientCard) -> list[ContactView]:
    return [one for one in card.contacts if one.kind == ContactKind.PHONE]


def call_buttons(card: ClientCard, viewer: Actor, back: str) -> list[Button]:
    """For the client's card: calls the only number, or lets choose."""
    phones = phones_of(card)
    if not phones or not viewer.may(Right.CALL_WORK):
        return []
    contact = phones[0].id if len(phones) == 1 else 0
    return [button(f"📞 {_('Call them')}", PhonePress(id=card.id, contact=contact, back=back))]


def number_rows(card: ClientCard, viewer: Actor, back: str, most: int = PAGE) -> list[list[Button]]:
    """For lists of contacts: each number calls itself."""
    if not viewer.may(Right.CALL_WORK):
        return []
    return [
        [button(f"📞 {one.shown}", PhonePress(id=card.id, contact=one.id, back=back))]
        for one in phones_of(card)[:most]
    ]


def call_rows(card: ClientCard, viewer: Actor, back: str) -> list[list[Button]]:
    """Two numbers call themselves; of more there is a choice."""
    if len(phones_of(card)) > MOST_HERE:
        return [call_buttons(card, viewer, back)]
    return number_rows(card, viewer, back)


def asker_buttons(view: RequestView, viewer: Actor) -> list[Button]:
    """For a request's card: calls the number it came with."""
    if not view.person.get("phone") or not viewer.may(Right.CALL_WORK):
        return []
    return [button(f"📞 {_('Call them')}", AskerPress(id=view.id))]

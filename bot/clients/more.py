"""What is done with a card less often, one press further. Pure."""

from __future__ import annotations

from aiogram.utils.formatting import Bold

from bot.classification.presses import ClassPress
from bot.clients.facts import Facts
from bot.clients.presses import ClientPress
from bot.people.entry import people_button, shows_people
from bot.screen import Button, Rows, Screen, button, lines
from bot.undo.presses import entry as undo_entry
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import gettext as _

KINDS = {"person": "👤", "company": "🏢"}


def entry(facts: Facts) -> list[Button]:
    """The card's button that leads here, when there is anything to do."""
    return [_do(facts, f"⋯ {_('More')}", "more")] if _rows(facts) else []


def more(facts: Facts) -> Screen:
    one = facts.card
    body = lines(Bold(f"{KINDS.get(one.kind, '👤')} {one.name}"), _("What else do you want to do?"))
    return Screen(body, [*_rows(facts), [_do(facts, f"← {_('Back')}", "card")]])


def _rows(facts: Facts) -> Rows:
    viewer, number = facts.viewer, facts.card.id
    found = [button(f"🏷 {_('Classification')}", ClassPress(id=number, back=facts.back))]
    if not shows_people(facts.card) or facts.twins:
        found.append(people_button(facts.card, facts.back))
    if viewer.may(Right.CLIENT_WRITE):
        if facts.twins or shows_people(facts.card):
            found.append(_do(facts, f"🔒 {_('Note')}", "note"))
        found.append(_do(facts, f"✏️ {_('Rename')}", "rename"))
        found.append(_do(facts, f"👤 {_('Manager')}", "manager"))
    if viewer.may(Right.CLIENT_MERGE):
        found.append(_do(facts, f"🔗 {_('Merge')}", "merge"))
    if facts.undo:
        found.append(undo_entry("c", number, facts.back))
    return [found[at : at + 2] for at in range(0, len(found), 2)]


def _do(facts: Facts, label: str, what: str) -> Button:
    press = ClientPress.model_validate({"do": what, "id": facts.card.id, "back": facts.back})
    return button(label, press)

"""Clients of a status or a role, and the order by how full their cards are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold

from bot.clients.presses import ClientsPress
from bot.desk import Desk
from bot.home.handlers import show_room
from bot.portrait import words
from bot.screen import Button, Screen, button, lines
from crm_core.clients.roles import Counterparty
from crm_core.clients.standing.deciding import Policy
from crm_core.clients.standing.queries import policy
from crm_core.kernel.i18n import gettext as _

ROOM = "clients"
ROLES = {role.value[:2]: role for role in Counterparty}


async def which(_query: CallbackQuery, callback_data: ClientsPress, desk: Desk) -> None:
    await show_room(desk, which_screen(await policy(), callback_data), ROOM)


def change(press: ClientsPress, **what: Any) -> ClientsPress:
    """The same list with another filter, from its first page."""
    return press.model_copy(update={"page": 0, **what})


def picked(press: ClientsPress, rules: Policy) -> list[str]:
    """Status, role and order in force."""
    status, role = rules.statuses.get(press.status), ROLES.get(press.role)
    return [
        *([f"{status.mark} {status.title}"] if status else []),
        *([words.role(role.value)] if role else []),
        *([_("the emptiest cards first")] if press.by == "e" else []),
    ]


def order(press: ClientsPress, rules: Policy) -> list[Button]:
    """The other order, where cards are asked to be full at all."""
    if not any(one.template for one in rules.statuses.values()):
        return []
    other, label = ("", _("Latest first")) if press.by == "e" else ("e", _("Emptiest first"))
    return [button(f"↕️ {label}", change(press, by=other))]


def which_screen(rules: Policy, press: ClientsPress) -> Screen:
    """Which status and which role; both may be chosen, a second press lets go. Pure."""

    def option(label: str, chosen: bool, **what: object) -> Button:
        return button(f"{'• ' if chosen else ''}{label}", change(press, do="list", **what))

    statuses = [
        option(
            f"{one.mark} {one.title}",
            one.id == press.status,
            status=0 if one.id == press.status else one.id,
        )
        for one in rules.statuses.values()
        if not one.archived
    ]
    roles = [_role(press, letters) for letters in ROLES]
    back = button(f"← {_('Back')}", press.model_copy(update={"do": "filter"}))
    body = lines(Bold(f"🏷 {_('Status and role')}"), _("Which ones shall be shown?"))
    return Screen(body, [*_by_two(statuses), *_by_two(roles), [back]])


def _role(press: ClientsPress, letters: str) -> Button:
    chosen = letters == press.role
    title = words.role(ROLES[letters].value)
    return button(
        f"{'• ' if chosen else ''}{title}", change(press, do="list", role="" if chosen else letters)
    )


def _by_two(found: Sequence[Button]) -> list[list[Button]]:
    return [list(found[at : at + 2]) for at in range(0, len(found), 2)]

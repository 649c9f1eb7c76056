"""My clients: all of them, or those of a status or role; the latest or the emptiest first."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold

from bot import trail
from bot.clients.cards import PAGE, found_row
from bot.clients.presses import ClientsPress
from bot.desk import Desk
from bot.home.handlers import show_room
from bot.home.presses import HomePress
from bot.home.views import back as home_button
from bot.portrait import words
from bot.screen import Button, Screen, button, lines
from bot.times import moment
from crm_core.clients.listing import Wanted, listed
from crm_core.clients.queries import Found
from crm_core.clients.roles import Counterparty
from crm_core.clients.standing.deciding import Policy
from crm_core.clients.standing.queries import policy
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.i18n import ngettext

ROOM = "clients"
ROLES = {role.value[:2]: role for role in Counterparty}


async def my_clients(
    _query: CallbackQuery, callback_data: HomePress | ClientsPress, desk: Desk
) -> None:
    near = callback_data if isinstance(callback_data, ClientsPress) else ClientsPress()
    near = near.model_copy(update={"page": max(near.page, 0)})
    wanted = Wanted(
        manager_id=desk.actor.id,
        status_id=near.status or None,
        role=ROLES.get(near.role),
        by="emptiest" if near.by == "e" else "latest",
    )
    found, total = await listed(desk.actor, wanted, limit=PAGE, offset=near.page * PAGE)
    screen = clients_screen((found, total), near, await policy(), desk.actor.timezone)
    await show_room(desk, screen, ROOM)


async def which(_query: CallbackQuery, callback_data: ClientsPress, desk: Desk) -> None:
    await show_room(desk, filter_screen(await policy(), callback_data), ROOM)


def clients_screen(
    listed: tuple[Sequence[Found], int], near: ClientsPress, rules: Policy, timezone: str
) -> Screen:
    """Seven clients with their status and how full their cards are. Pure."""
    found, total = listed
    count = ngettext("%(count)s client", "%(count)s clients", total) % {"count": total}
    hint = _("Write a name, a phone or an address to search.") if total else None
    back = trail.clients_page(near)
    rows = [
        [found_row(near.page * PAGE + number, one, _fact(one, timezone), back)]
        for number, one in enumerate(found, 1)
    ]
    turns = [
        button(label, near.model_copy(update={"page": goal}))
        for label, goal in (("‹", near.page - 1), ("›", near.page + 1))
        if goal >= 0 and goal * PAGE < total
    ]
    search = button(f"🔎 {_('Search')}", HomePress(to="search"))
    body = lines(
        Bold(f"👤 {_('My clients')}"),
        _chosen(near, rules),
        count if total else _empty(near),
        hint,
    )
    return Screen(body, [*rows, turns, _order(near, rules, total), [search, home_button()]])


def _empty(near: ClientsPress) -> str:
    if near.status or near.role:
        return _("None of your clients is like this.")
    return _("You look after nobody yet: whoever's dialog you accept first becomes your client.")


def _fact(one: Found, timezone: str) -> str:
    """The status's colour and the percent, else when something happened last."""
    if one.percent is not None:
        return f"{one.mark or ''} {one.percent} %".strip()
    return " ".join(filter(None, (one.mark, moment(one.touched_at, timezone))))


def _chosen(near: ClientsPress, rules: Policy) -> str | None:
    status, role = rules.statuses.get(near.status), ROLES.get(near.role)
    parts = [
        f"{status.mark} {status.title}" if status else "",
        words.role(role.value) if role else "",
        _("the emptiest cards first") if near.by == "e" else "",
    ]
    return " · ".join(filter(None, parts)) or None


def _order(near: ClientsPress, rules: Policy, total: int) -> list[Button]:
    if not (total or near.status or near.role):
        return []
    choose = button(f"🎛 {_('Filter')}", near.model_copy(update={"page": 0, "by": "f"}))
    if not any(one.template for one in rules.statuses.values()):
        return [choose]
    other, label = ("", _("Latest first")) if near.by == "e" else ("e", _("Emptiest first"))
    return [choose, button(f"↕️ {label}", near.model_copy(update={"page": 0, "by": other}))]


def filter_screen(rules: Policy, near: ClientsPress) -> Screen:
    """Which status and which role; both may be chosen. Pure."""

    def row(label: str, chosen: bool, **change: object) -> Button:
        press = near.model_copy(update={"page": 0, "by": "", **change})
        return button(f"{'• ' if chosen else ''}{label}", press)

    statuses = [
        row(f"{one.mark} {one.title}", one.id == near.status, status=one.id)
        for one in rules.statuses.values()
        if not one.archived
    ]
    roles = [
        row(words.role(role.value), letters == near.role, role=letters)
        for letters, role in ROLES.items()
    ]
    everybody = ClientsPress()
    return Screen(
        lines(Bold(f"🎛 {_('My clients')}"), _("Which ones shall be shown?")),
        [
            *_by_two(statuses),
            *_by_two(roles),
            [button(_("All of them"), everybody), home_button()],
        ],
    )


def _by_two(found: Sequence[Button]) -> list[list[Button]]:
    return [list(found[at : at + 2]) for at in range(0, len(found), 2)]

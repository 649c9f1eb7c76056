"""What the clients workplace shows: the list, its filters, whose clients. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiogram.utils.formatting import Bold

from bot import trail
from bot.clients import likely
from bot.clients.cards import KINDS
from bot.clients.picking import change, order, picked
from bot.clients.presses import ClientPress, ClientsPress
from bot.home.presses import HomePress
from bot.home.views import back as home_button
from bot.home.views import presence_of
from bot.screen import Button, Screen, button, lines, shorten
from bot.times import moment
from crm_core.clients.standing.deciding import Policy
from crm_core.clients.workplace import Listed
from crm_core.kernel.i18n import N_, ngettext
from crm_core.kernel.i18n import gettext as _
from crm_core.staff.queries import Colleague

PAGE, LINE = 7, 90
SILENT = (30, 90, 180)
EVERYBODY = -1
NOBODY = N_("You look after nobody yet: whoever's dialog you accept first becomes your client.")
SORTS = {"a": N_("All kinds"), "p": N_("People"), "c": N_("Companies")}
SIGNS = {"a": "👥", "p": "👤", "c": "🏢"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of clients. `owner`: whose they are when they are a colleague's."""

    found: Sequence[Listed]
    more: bool
    press: ClientsPress
    owner: str
    timezone: str
    rules: Policy
    twins: int = 0


def clients(page: Page) -> Screen:
    """Seven clients, the latest first: facts in the text, names on the buttons."""
    press, back = page.press, trail.clients_page(page.press)
    start = press.page * PAGE
    told = [_facts(start + number, one, page) for number, one in enumerate(page.found, 1)]
    rows = [
        [_row(start + number, one, page.timezone, back)] for number, one in enumerate(page.found, 1)
    ]
    turns = [
        button(label, press.model_copy(update={"page": goal}))
        for label, goal, there in (
            ("‹", press.page - 1, press.page > 0),
            ("›", press.page + 1, page.more),
        )
        if there
    ]
    chosen = " · ".join(_chosen(press) + picked(press, page.rules))
    filters = button(f"🔽 {_('Filters')}", press.model_copy(update={"do": "filter"}))
    search = button(f"🔎 {_('Search')}", HomePress(to="search"))
    body = lines(
        Bold(f"👤 {_title(page)}"),
        f"🔽 {chosen}" if chosen else None,
        *(told or [_empty(press)]),
        _("Write a name, a phone or an address to search.") if told else None,
    )
    return Screen(
        body,
        [
            *rows,
            turns,
            order(press, page.rules),
            [filters, search],
            likely.entry(page.twins),
            [home_button()],
        ],
    )


def _title(page: Page) -> str:
    if page.press.of == EVERYBODY:
        return _("All clients")
    return _("Clients: %(name)s") % {"name": page.owner} if page.owner else _("My clients")


def _empty(press: ClientsPress) -> str:
    if press == ClientsPress(page=press.page):
        return _(
            "You look after nobody yet: whoever's dialog you accept first becomes your client."
        )
    return _("There are no such clients.")


def _facts(number: int, one: Listed, page: Page) -> str:
    """`1. 📥 2 · 👥 3 · Irina`: what decides, without the name the button has."""
    people = f"👥 {one.people}" if one.people else ""
    requests = f"📥 {one.open_requests}" if one.open_requests else ""
    company = f"🏢 {one.company}" if one.company else ""
    manager = one.manager_name or _("nobody") if page.press.of == EVERYBODY else ""
    last = moment(one.last_at, page.timezone) if one.last_at else _("no contact yet")
    facts = " · ".join(filter(None, (requests, people, company, manager, last)))
    return shorten(f"{number}. {shorten(one.name, 30)}: {facts}", LINE)


def _row(number: int, one: Listed, timezone: str, back: str) -> Button:
    label = f"{number}. {KINDS.get(one.kind, '👤')} {shorten(one.name, 22)}"
    at = moment(one.last_at or one.touched_at, timezone)
    # The status's colour and how full the card is, else when something happened last.
    fact = f"{one.percent} %" if one.percent is not None else at
    state = " ".join(filter(None, (one.mark, fact)))
    return button(f"{label} · {state}", ClientPress(do="card", id=one.id, back=back))


def _chosen(press: ClientsPress) -> list[str]:
    """The filters in force."""
    return [
        *([_(SORTS[press.kind])] if press.kind != "a" else []),
        *([_("with open requests")] if press.open else []),
        *([_silent(press.silent)] if press.silent else []),
    ]


def _silent(days: int) -> str:
    said = ngettext("no contact for %(count)s day", "no contact for %(count)s days", days)
    return said % {"count": days}


def filters(press: ClientsPress, owner: str, *, everybody: bool) -> Screen:
    """Every press changes one thing; the list is shown by the first button."""
    here = press.model_copy(update={"do": "filter"})

    def option(label: str, chosen: bool, **what: Any) -> Button:
        return button(f"• {label}" if chosen else label, change(here, **what))

    whose = [
        option(_("Mine"), press.of == 0, of=0),
        option(_("Everybody's"), press.of == EVERYBODY, of=EVERYBODY),
        button(f"👤 {owner or _('Colleague')}", change(here, do="of")),
    ]
    kinds = [
        option(f"{SIGNS[kind]} {_(title)}", press.kind == kind, kind=kind)
        for kind, title in SORTS.items()
    ]
    silent = [
        option(_silent(days), press.silent == days, silent=0 if press.silent == days else days)
        for days in SILENT
    ]
    opened = option(f"📥 {_('with open requests')}", press.open, open=not press.open)
    which = button(f"🏷 {_('Status and role')}", press.model_copy(update={"do": "which"}))
    show = button(f"✅ {_('Show')}", change(press, do="list"))
    body = lines(Bold(f"🔽 {_('Filters')}"), _("Which clients do you want to see?"))
    rows = [whose if everybody else [], kinds, [opened], *([one] for one in silent), [which]]
    return Screen(body, [*rows, [show]])


def managers(press: ClientsPress, others: Sequence[Colleague]) -> Screen:
    """Whose clients."""
    rows = [
        [button(f"{presence_of(one)[0]} {one.name}", change(press, do="list", of=one.id))]
        for one in others[:PAGE]
    ]
    back = button(f"← {_('Back')}", press.model_copy(update={"do": "filter"}))
    return Screen(lines(Bold(f"👤 {_('Whose clients?')}")), [*rows, [back]])

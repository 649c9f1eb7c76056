"""What the search room shows: how to search, and what was found. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.utils.formatting import Bold, Italic, Text

from bot import trail
from bot.clients.cards import PAGE, found_row
from bot.home.views import back as home_button
from bot.screen import Button, Screen, button, lines, shorten
from bot.search.presses import HitPress, SearchPress, Tab
from bot.times import moment
from crm_core.clients.queries import Found
from crm_core.clients.words import FoundMessage
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import gettext as _

CLIENTS_FIRST, MESSAGES_FIRST = 4, 3
DIRECTIONS = {"in": "👤", "out": "✓", "note": "🔒"}
SNIPPET = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of a tab; `more`: there are further pages. On the tab `all` both groups begin,
    and the tabs in `longer` have more than is shown."""

    text: str
    tab: Tab
    page: int
    clients: Sequence[Found] = ()
    messages: Sequence[FoundMessage] = ()
    more: bool = False
    longer: frozenset[Tab] = frozenset()


def room(text: str = "") -> Screen:
    """The empty room teaches."""
    last = button(f"↺ {shorten(text, 30)}", SearchPress())
    return Screen(
        lines(
            Bold(f"🔎 {_('Search')}"),
            _("Write what you remember, and I look for it:"),
            _("• a name, slips forgiven: Ivanov, Ivonov, Ромашка"),
            _("• a phone in any form, or its last digits: 8 912 345-67-89, 6789"),
            _("• a mail address or @name"),
            _("• words from what was written: “delivery to Tver”"),
        ),
        [[last] if text else [], [home_button()]],
    )


def results(found: Results, viewer: Actor) -> Screen:
    """Clients first, then messages; every row opens."""
    title = Bold(f"🔎 {shorten(found.text, 60)}")
    if not (found.clients or found.messages):
        return Screen(lines(title, *_nothing(found, viewer)), [_last()])
    back = trail.search_page(found.tab, found.page)
    start = 0 if found.tab == "all" else found.page * PAGE
    clients = [[found_row(start + n, one, "", back)] for n, one in enumerate(found.clients, 1)]
    start += len(found.clients)
    hits = [
        [_hit(start + n, one, viewer.timezone, back)] for n, one in enumerate(found.messages, 1)
    ]
    words = [_snippet(start + n, one) for n, one in enumerate(found.messages, 1)]
    body = lines(
        title,
        _heading(f"👤 {_('Clients')}", start - len(clients), len(clients)),
        _heading(f"💬 {_('In messages')}", start, len(hits)),
        *words,
    )
    return Screen(body, [*clients, *hits, _turns(found), _last()])


def _heading(title: str, before: int, count: int) -> str | None:
    """`👤 Clients: 1–4`: which rows are of this group."""
    if not count:
        return None
    first, last = before + 1, before + count
    return f"{title}: {first}" if count == 1 else f"{title}: {first}–{last}"


def _nothing(found: Results, viewer: Actor) -> list[str]:
    if found.page or found.tab != "all":
        return [_("There is nothing more here.")]
    own = _("Only messages of your own dialogs and clients are searched.")
    return [
        _("Nothing was found."),
        _("Try fewer words, the last digits of the phone, or another spelling."),
        *([] if viewer.may(Right.DIALOG_ALL) else [own]),
    ]


def _hit(number: int, one: FoundMessage, timezone: str, back: str) -> Button:
    name = shorten(one.client_name, 18)
    label = f"{number}. 💬 {name} · {moment(one.at, timezone)}"
    return button(label, HitPress(id=one.id, back=back))


def _snippet(number: int, one: FoundMessage) -> Text:
    sign = DIRECTIONS.get(one.direction, "👤")
    return Text(f"{number}. {sign} ", Italic(shorten(one.snippet, SNIPPET)))


def _turns(found: Results) -> list[Button]:
    """Pages of a tab; from the first screen, all of a group."""
    if found.tab == "all":
        titles: dict[Tab, str] = {
            "clients": _("All clients ›"),
            "messages": _("All messages ›"),
        }
        return [
            button(title, SearchPress(tab=tab))
            for tab, title in titles.items()
            if tab in found.longer
        ]
    goals = [("‹", found.page - 1, found.page > 0), ("›", found.page + 1, found.more)]
    turns = [button(sign, SearchPress(tab=found.tab, page=goal)) for sign, goal, ok in goals if ok]
    return [*turns, button(f"🔎 {_('All')}", SearchPress())]


def _last() -> list[Button]:
    return [home_button()]

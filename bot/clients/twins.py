"""Possible duplicates: all open proposals as a list."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold

from bot import trail
from bot.clients.presses import ClientsPress, MergePress, TwinsPress
from bot.desk import Desk
from bot.home.handlers import show_room
from bot.screen import Button, Screen, button, lines, shorten
from crm_core.duplicates import queries
from crm_core.duplicates.queries import Proposal
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.i18n import ngettext

PAGE, ROOM = 7, "twins"


async def listed(_query: CallbackQuery, callback_data: TwinsPress, desk: Desk) -> None:
    """A page of all open proposals, the surest first."""
    page = max(callback_data.page, 0)
    found, total = await queries.proposals(desk.actor, limit=PAGE, offset=page * PAGE)
    if not found and page:
        page = 0
        found, total = await queries.proposals(desk.actor, limit=PAGE)
    await show_room(desk, screen(found, page, total), ROOM)


def screen(found: Sequence[Proposal], page: int, total: int) -> Screen:
    """Seven pairs. Pure."""
    count = ngettext("%(count)s pair", "%(count)s pairs", total) % {"count": total}
    empty = _("No card looks like another one. New ones are found by themselves.")
    hint = _("The surest first. Press a pair to compare both cards.") if total else None
    rows = [[_row(page * PAGE + place, one, page)] for place, one in enumerate(found, 1)]
    turns = [
        button(label, TwinsPress(page=goal))
        for label, goal in (("‹", page - 1), ("›", page + 1))
        if goal >= 0 and goal * PAGE < total
    ]
    body = lines(Bold(f"👥 {_('Possible duplicates')}"), count if total else empty, hint)
    back = button(f"← {_('Back')}", ClientsPress())
    return Screen(body, [*rows, turns, [back]])


def _row(number: int, one: Proposal, page: int) -> Button:
    """`3. Petr Elkin ≈ Elkin P. · 95 %`."""
    names = " ≈ ".join(shorten(name, 12) for name in (one.one_name, one.two_name))
    press = MergePress(do="compare", id=one.one_id, gone=one.two_id, back=trail.twins_page(page))
    return button(f"{number}. {names} · {one.score} %", press)

"""Who is classified so: the clients of a group, and two catalogues as a small table."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold, Pre

from bot import trail
from bot.catalogues.cards import back
from bot.catalogues.lists import PAGE, place, sides
from bot.catalogues.presses import BranchPress, TablePress, UnderPress
from bot.catalogues.show import ROOM
from bot.clients.cards import found_row
from bot.desk import Desk
from bot.home.handlers import show_room
from bot.screen import Screen, button, lines, shorten
from bot.times import moment
from crm_core.catalogues import queries
from crm_core.catalogues.access import Catalogue
from crm_core.catalogues.queries import Listed
from crm_core.classification.crosstabs import Crosstab, crosstab
from crm_core.classification.queries import clients_under
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.i18n import ngettext

ROWS, COLUMNS = 10, 3
FIRST, OTHER = 12, 7  # characters of a column: a phone's width holds them
MANAGERS, ASK = 0, -1


async def people(_query: CallbackQuery, callback_data: UnderPress, desk: Desk) -> None:
    """Clients with the item or any under it, the latest first."""
    page = max(callback_data.page, 0)
    catalogue, one = await queries.catalogue_with(desk.actor, callback_data.id)
    found, total = await clients_under(desk.actor, one.id, limit=PAGE, offset=page * PAGE)
    step = trail.group_page(one.id, page)
    rows = [
        [found_row(page * PAGE + number, hit, moment(hit.touched_at, desk.actor.timezone), step)]
        for number, hit in enumerate(found, 1)
    ]
    turns = [button(label, UnderPress(id=one.id, page=goal)) for label, goal in sides(page, total)]
    count = ngettext("%(count)s client", "%(count)s clients", total) % {"count": total}
    body = lines(Bold(f"👤 {place(catalogue, one.id)}"), count if total else _("Nobody yet."))
    await show_room(desk, Screen(body, [*rows, turns, back(one.id)]), ROOM)


async def table(_query: CallbackQuery, callback_data: TablePress, desk: Desk) -> None:
    rows = await queries.catalogue(desk.actor, callback_data.rows)
    if callback_data.columns == ASK:
        others = [
            one
            for one in await queries.catalogues(desk.actor)
            if one.classifies and not one.archived and one.id != rows.id
        ]
        return await show_room(desk, by_what(rows, others), ROOM)
    columns_id = callback_data.columns if callback_data.columns != MANAGERS else None
    title = _("managers")
    if columns_id is not None:
        title = _((await queries.catalogue(desk.actor, columns_id)).title)
    found = await crosstab(desk.actor, rows.id, columns_id)
    heading = f"📊 {_(rows.title)} × {title}"
    return await show_room(desk, counted(heading, found, callback_data), ROOM)


def by_what(rows: Catalogue, others: Sequence[Listed]) -> Screen:
    """What the clients of a catalogue are counted by."""
    choices = [
        [button(shorten(_(one.title), 40), TablePress(rows=rows.id, columns=one.id))]
        for one in others[:PAGE]
    ]
    managers = [button(f"👤 {_('By manager')}", TablePress(rows=rows.id, columns=MANAGERS))]
    body = lines(Bold(f"📊 {_(rows.title)}"), _("Count clients by what else?"))
    home = [button(f"← {_('Back')}", BranchPress(id=rows.id))]
    return Screen(body, [managers, *choices, home])


def counted(heading: str, found: Crosstab, near: TablePress) -> Screen:
    """A part of the table that a phone can hold, with totals; the rest by ‹ › and ◂ ▸."""
    page, side = max(near.page, 0), max(near.side, 0)
    turns = [
        button(label, near.model_copy(update={"page": goal}))
        for label, goal in sides(page, len(found.rows), ROWS)
    ]
    turns += [
        button({"‹": "◂", "›": "▸"}[label], near.model_copy(update={"side": goal}))
        for label, goal in sides(side, len(found.columns), COLUMNS)
    ]
    empty = _("No client has anything of this catalogue yet: 🏷 on a client's card puts it there.")
    body = lines(
        Bold(heading),
        Pre(_drawn(found, page, side)) if found.rows else empty,
        _("A client with several counts in each, and once in the totals.") if found.rows else None,
    )
    home = [button(f"← {_('Back')}", TablePress(rows=near.rows))]
    return Screen(body, [turns, home])


def _drawn(found: Crosstab, page: int, side: int) -> str:
    down = range(len(found.rows))[page * ROWS : (page + 1) * ROWS]
    across = range(len(found.columns))[side * COLUMNS : (side + 1) * COLUMNS]
    heads = [found.columns[one][1] for one in across]
    drawn = [_line("", [*heads, _("Total")])]
    for row in down:
        cells = [found.cells[row][one] for one in across]
        drawn.append(_line(found.rows[row][1], [*cells, found.row_totals[row]]))
    totals = [found.column_totals[one] for one in across]
    return "\n".join([*drawn, _line(_("Total"), [*totals, found.total])])


def _line(title: str, cells: Sequence[object]) -> str:
    return shorten(title, FIRST).ljust(FIRST) + "".join(
        f" {shorten(str(one), OTHER):>{OTHER}}" for one in cells
    )

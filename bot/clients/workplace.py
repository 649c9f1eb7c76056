"""The clients workplace: the list with its filters, and the key facts of everybody on it."""

from __future__ import annotations

from aiogram.types import CallbackQuery

from bot.clients import workplaceviews as views
from bot.clients.picking import ROLES
from bot.clients.presses import ClientsPress
from bot.desk import Desk
from bot.home.handlers import show_room
from bot.home.presses import HomePress
from crm_core.clients import workplace
from crm_core.clients.listing import Wanted
from crm_core.clients.standing.queries import policy
from crm_core.duplicates import queries as duplicates
from crm_core.kernel.actors import Right
from crm_core.staff.queries import colleague, colleagues

ROOM = "clients"
KINDS = {"p": "person", "c": "company"}


async def clients(
    _query: CallbackQuery, callback_data: HomePress | ClientsPress, desk: Desk
) -> None:
    """One's own by default; filters and page are in the press."""
    press = callback_data if isinstance(callback_data, ClientsPress) else ClientsPress()
    page = max(press.page, 0)
    wanted = Wanted(
        manager_id=None if press.of < 0 else press.of or desk.actor.id,
        kind=KINDS.get(press.kind),  # type: ignore[arg-type] # of the two there are
        open_requests=press.open,
        silent_days=press.silent,
        status_id=press.status or None,
        role=ROLES.get(press.role),
        by="emptiest" if press.by == "e" else "latest",
    )
    found, more = await workplace.listed(
        desk.actor, wanted, limit=views.PAGE, offset=page * views.PAGE
    )
    owner = await colleague(press.of) if press.of > 0 else None
    shown = views.Page(
        found=found,
        more=more,
        press=press.model_copy(update={"page": page}),
        owner=owner.name if owner else "",
        timezone=desk.actor.timezone,
        rules=await policy(),
        twins=await duplicates.count(desk.actor),
    )
    await show_room(desk, views.clients(shown), ROOM)


async def filters(_query: CallbackQuery, callback_data: ClientsPress, desk: Desk) -> None:
    owner = await colleague(callback_data.of) if callback_data.of > 0 else None
    everybody = desk.actor.may(Right.DIALOG_ALL)
    name = owner.name if owner else ""
    await show_room(desk, views.filters(callback_data, name, everybody=everybody), ROOM)


async def managers(_query: CallbackQuery, callback_data: ClientsPress, desk: Desk) -> None:
    """Whose clients; for those who may see everybody's."""
    desk.actor.require(Right.DIALOG_ALL)
    others = [one for one in await colleagues() if one.id != desk.actor.id]
    await show_room(desk, views.managers(callback_data, others), ROOM)

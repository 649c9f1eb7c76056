"""Items go to another place: the place is chosen from a list; up and down among their own."""

from __future__ import annotations

from aiogram.types import CallbackQuery

from bot.catalogues import cards
from bot.catalogues.lists import place
from bot.catalogues.presses import GoalPress, ItemPress
from bot.catalogues.show import ROOM, show_item
from bot.desk import Desk
from bot.home.handlers import show_room
from crm_core.catalogues import queries, rules
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import gettext as _


async def where(_query: CallbackQuery, callback_data: GoalPress, desk: Desk) -> None:
    """Every place the item may go to; `to` is the page."""
    desk.actor.require(Right.CATALOGUE_WRITE)
    found, one = await queries.catalogue_with(desk.actor, callback_data.id)
    places = rules.goals(found.tree, found.kind, one.id)
    await show_room(desk, cards.goals(found, one, places, max(callback_data.to, 0)), ROOM)


async def move(_query: CallbackQuery, callback_data: GoalPress, desk: Desk) -> None:
    goal = callback_data.to or None
    await desk.run("catalogue.move_item", item_id=callback_data.id, parent_id=goal)
    found = await queries.catalogue_with(desk.actor, callback_data.id)
    await desk.toast(_("Moved to: %(place)s") % {"place": place(found[0], goal or 0)})
    await show_item(desk, callback_data.id)


async def step(_query: CallbackQuery, callback_data: ItemPress, desk: Desk) -> None:
    """One place up or down among those that stand beside it."""
    found, one = await queries.catalogue_with(desk.actor, callback_data.id)
    beside = [other.id for other in found.tree.children(one.parent_id)]
    now = beside.index(one.id)
    goal = max(0, now - 1) if callback_data.do == "up" else now + 1
    await desk.run("catalogue.move_item", item_id=one.id, parent_id=one.parent_id, place=goal)
    after = await queries.catalogue(desk.actor, found.id)
    place_now = [other.id for other in after.tree.children(one.parent_id)].index(one.id)
    said = _("Place %(place)s of %(count)s")
    await desk.toast(said % {"place": place_now + 1, "count": len(beside)})
    await show_item(desk, one.id)

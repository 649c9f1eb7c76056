"""Shows items where buttons were pressed, and anew where a form was begun."""

from __future__ import annotations

from bot.catalogues import cards, lists
from bot.clients.show import renew
from bot.desk import Desk
from bot.home.handlers import show_room
from bot.screen import Screen
from crm_core.catalogues import queries
from crm_core.classification.queries import count_under

ROOM = "catalogues"


async def item_screen(desk: Desk, item_id: int) -> Screen:
    """An item as things stand now."""
    found, one = await queries.catalogue_with(desk.actor, item_id)
    clients = 0
    if found.classifies:
        clients = await count_under(desk.actor, item_id)
    return cards.item(found, one, clients, desk.actor)


async def show_item(desk: Desk, item_id: int) -> None:
    await show_room(desk, await item_screen(desk, item_id), ROOM)


async def renew_branch(desk: Desk, shown: int, catalogue_id: int, at: int) -> None:
    """The place in the message a form was begun from, on its last page."""
    found = await queries.catalogue(desk.actor, catalogue_id)
    there = lists.shown_children(found, at, desk.actor)
    standing = sum(not one.archived for one in there)
    page = max(0, (standing - 1) // lists.PAGE)
    await renew(desk, shown, lists.branch(found, at, page, desk.actor))

"""What handles what with catalogues: the list, branches, an item and its care."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiogram import BaseMiddleware, F, Router
from aiogram.types import CallbackQuery, TelegramObject

from bot.catalogues import cards, lists, moving, tables, typing, writing
from bot.catalogues.presses import (
    BranchPress,
    CataloguePress,
    CataloguesPress,
    GoalPress,
    ImpactPress,
    ItemPress,
    NewPress,
    TablePress,
    UnderPress,
)
from bot.catalogues.show import ROOM, show_item
from bot.desk import Desk
from bot.forms import form
from bot.home.handlers import show_room
from crm_core.catalogues import queries
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import gettext as _

Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


async def listed(_query: CallbackQuery, callback_data: CataloguesPress, desk: Desk) -> None:
    await show_list(desk, callback_data.page)


async def show_list(desk: Desk, page: int = 0) -> None:
    found = await queries.catalogues(desk.actor)
    last = max(0, (len(found) - 1) // lists.PAGE)
    await show_room(desk, lists.catalogues(found, min(max(page, 0), last), desk.actor), ROOM)


async def branch(_query: CallbackQuery, callback_data: BranchPress, desk: Desk) -> None:
    found = await queries.catalogue(desk.actor, callback_data.id)
    at = callback_data.at if found.tree.get(callback_data.at) else 0
    screen = lists.branch(found, at, max(callback_data.page, 0), desk.actor)
    await show_room(desk, screen, f"{typing.SHOWS}{found.id}")


async def kinds(_query: CallbackQuery, desk: Desk) -> None:
    desk.actor.require(Right.CATALOGUE_WRITE)
    await show_room(desk, lists.kinds(), ROOM)


SWITCHES: dict[str, tuple[str, dict[str, bool]]] = {
    "use": ("catalogue.use", {"classifies": True}),
    "unuse": ("catalogue.use", {"classifies": False}),
    "archive": ("catalogue.archive", {"archived": True}),
    "restore": ("catalogue.archive", {"archived": False}),
}


async def care(_query: CallbackQuery, callback_data: CataloguePress, desk: Desk) -> None:
    """The settings of a catalogue, after a switch when one was pressed."""
    desk.actor.require(Right.CATALOGUE_WRITE)
    if callback_data.do in SWITCHES:
        name, arguments = SWITCHES[callback_data.do]
        await desk.run(name, catalogue_id=callback_data.id, **arguments)
    found = await queries.catalogue(desk.actor, callback_data.id)
    await show_room(desk, cards.care(found), ROOM)


async def item(_query: CallbackQuery, callback_data: ItemPress, desk: Desk) -> None:
    await show_item(desk, callback_data.id)


async def put_away(_query: CallbackQuery, callback_data: ItemPress, desk: Desk) -> None:
    archived = callback_data.do == "archive"
    await desk.run("catalogue.archive_item", item_id=callback_data.id, archived=archived)
    await desk.toast(_("Put away: nobody is offered it any more.") if archived else "✓")
    await show_item(desk, callback_data.id)


async def remove(_query: CallbackQuery, callback_data: ItemPress, desk: Desk) -> None:
    desk.actor.require(Right.CATALOGUE_WRITE)
    _found, one = await queries.catalogue_with(desk.actor, callback_data.id)
    await show_room(desk, cards.removal(one), ROOM)


async def gone(_query: CallbackQuery, callback_data: ItemPress, desk: Desk) -> None:
    """What is referred to stays in the archive, and that is said."""
    found, one = await queries.catalogue_with(desk.actor, callback_data.id)
    done = await desk.run("catalogue.remove_item", item_id=one.id)
    if done == "archived":
        await desk.toast(_("It is referred to: it stays in the archive."), alert=True)
        return await show_item(desk, one.id)
    await desk.toast(_("Removed: %(title)s") % {"title": _(one.title)})
    after = await queries.catalogue(desk.actor, found.id)
    screen = lists.branch(after, one.parent_id or 0, 0, desk.actor)
    return await show_room(desk, screen, ROOM)


async def impacts(_query: CallbackQuery, callback_data: ItemPress, desk: Desk) -> None:
    desk.actor.require(Right.CATALOGUE_WRITE)
    _found, one = await queries.catalogue_with(desk.actor, callback_data.id)
    await show_room(desk, cards.impacts(one), ROOM)


async def impact(_query: CallbackQuery, callback_data: ImpactPress, desk: Desk) -> None:
    changes = {"impact": callback_data.impact.value}
    await desk.run("catalogue.change_item", item_id=callback_data.id, changes=changes)
    await show_item(desk, callback_data.id)


class Redraws(BaseMiddleware):
    """What is no longer there, or not as it was: the list shows the truth."""

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        desk = data["desk"]
        desk.redraw = partial(show_list, desk)
        return await handler(event, data)


def router() -> Router:
    router = Router(name="catalogues")
    router.callback_query.middleware(Redraws())
    pressed = router.callback_query.register
    pressed(listed, CataloguesPress.filter())
    pressed(branch, BranchPress.filter())
    pressed(writing.ask_new, NewPress.filter(F.kind))
    pressed(kinds, NewPress.filter())
    pressed(writing.ask, CataloguePress.filter(F.do.in_({"rename", "find", "item", "group"})))
    pressed(care, CataloguePress.filter())
    pressed(item, ItemPress.filter(F.do == "show"))
    pressed(writing.ask_item, ItemPress.filter(F.do.in_({"rename", "code"})))
    pressed(impacts, ItemPress.filter(F.do == "impact"))
    pressed(moving.step, ItemPress.filter(F.do.in_({"up", "down"})))
    pressed(put_away, ItemPress.filter(F.do.in_({"archive", "restore"})))
    pressed(remove, ItemPress.filter(F.do == "remove"))
    pressed(gone, ItemPress.filter(F.do == "gone"))
    pressed(impact, ImpactPress.filter())
    pressed(moving.where, GoalPress.filter(F.do == "page"))
    pressed(moving.move, GoalPress.filter(F.do == "to"))
    pressed(tables.people, UnderPress.filter())
    pressed(tables.table, TablePress.filter())
    for name, take in writing.FORMS.items():
        router.message.register(take, form(name), F.text)
    return router

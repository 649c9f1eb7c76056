"""Shows requests where buttons were pressed, and guards against outdated ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot import screen as screens
from bot.desk import Desk
from bot.dialogs.errand import digest
from bot.home.handlers import VIEW as HOME
from bot.home.handlers import remember
from bot.places import pair
from bot.requests.cards import VIEW, card
from bot.requests.facts import facts_of
from bot.screen import Screen
from crm_core.kernel import memory
from crm_core.kernel.actors import Actor
from crm_core.kernel.errors import Conflict
from crm_core.kernel.i18n import N_
from crm_core.requests import queries
from crm_core.requests.queries import RequestView

Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
ROOM = "request"


async def screen_for(viewer: Actor, request_id: int, back: str = "") -> Screen:
    """The card as this person may see it now; NotFound, Forbidden."""
    view = await queries.request(viewer, request_id)
    return card(await facts_of(viewer, view, back))


async def show_card(desk: Desk, request_id: int, back: str = "") -> None:
    """The card in place of what was pressed; the fact behind it need not draw it again, over
    what is pressed next."""
    screen = await screen_for(desk.actor, request_id, back)
    shown = await show(desk, screen)
    key = pair(request_id, desk.chat_id)
    known = await memory.get(VIEW, key)
    if known is not None and known["id"] == shown:
        await memory.put(VIEW, key, {"id": shown, "digest": digest(screen)})


async def show(desk: Desk, screen: Screen) -> int:
    """A screen of a request; a list that stood there before is no longer open. Its message id."""
    shown = await desk.show(screen)
    home = await memory.get(HOME, str(desk.chat_id))
    if home is not None and home["id"] == shown:
        await remember(desk, shown, ROOM)
    return shown


async def renew(desk: Desk, message_id: int, screen: Screen) -> None:
    """Show a screen in the message a form was begun from, else as a new one."""
    if not message_id or not await screens.edit(desk.bot, desk.chat_id, message_id, screen):
        await desk.send(screen)


async def current(desk: Desk, request_id: int, seen: int) -> RequestView:
    """The request, when it still is as the person saw it; Conflict when it has moved on."""
    view = await queries.request(desk.actor, request_id)
    if seen and view.version != seen:
        raise Conflict(N_("Something has changed meanwhile: look at the card again."))
    return view


class Redraws(BaseMiddleware):
    """Gives the desk the way to show the pressed request as things stand now."""

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        press, desk = data.get("callback_data"), data["desk"]
        if request_id := getattr(press, "id", None):
            desk.redraw = partial(show_card, desk, request_id, getattr(press, "back", ""))
        return await handler(event, data)

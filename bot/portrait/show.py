"""The portrait as things stand now, in place of what was pressed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot.clients.show import show
from bot.desk import Desk
from bot.portrait import views
from bot.portrait.presses import PortraitPress
from bot.screen import Screen
from crm_core.clients import queries
from crm_core.clients.standing.queries import portrait

Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


async def portrait_screen(desk: Desk, press: PortraitPress) -> Screen:
    found = await portrait(desk.actor, press.id)
    return views.portrait(found, await queries.card(desk.actor, found.client_id), desk.actor, press)


async def show_portrait(desk: Desk, client_id: int, back: str = "") -> None:
    press = PortraitPress(do="show", id=client_id, back=back)
    await show(desk, await portrait_screen(desk, press))


class Redraws(BaseMiddleware):
    """Gives the desk the way to show the portrait as things stand now."""

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        press, desk = data.get("callback_data"), data["desk"]
        if client_id := getattr(press, "id", None):
            desk.redraw = partial(show_portrait, desk, client_id, getattr(press, "back", ""))
        return await handler(event, data)

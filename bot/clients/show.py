"""Shows cards where buttons were pressed, and anew where a form was begun."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot import screen as screens
from bot.clients.cards import card
from bot.clients.facts import facts_of
from bot.desk import Desk
from bot.home.handlers import VIEW, remember
from bot.screen import Screen
from crm_core.kernel import memory

Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
ROOM = "client"


async def show_card(desk: Desk, client_id: int, back: str = "") -> None:
    """The card in place of what was pressed."""
    await show(desk, card(await facts_of(desk.actor, client_id, back)))


async def show(desk: Desk, screen: Screen) -> None:
    """A screen of a client; a list that stood there before is no longer open."""
    shown = await desk.show(screen)
    home = await memory.get(VIEW, str(desk.chat_id))
    if home is not None and home["id"] == shown:
        await remember(desk, shown, ROOM)


def pressed_id(desk: Desk) -> int:
    """The message a form was begun from: it shows the outcome."""
    return desk.message.message_id if desk.message else 0


async def renew(desk: Desk, message_id: int, screen: Screen) -> None:
    """Show a screen in the message the form was begun from, else as a new one."""
    if not await screens.edit(desk.bot, desk.chat_id, message_id, screen):
        await desk.send(screen)


class Redraws(BaseMiddleware):
    """Gives the desk the way to show the client as things stand now."""

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        press, desk = data.get("callback_data"), data["desk"]
        if client_id := getattr(press, "id", None):
            desk.redraw = partial(show_card, desk, client_id, getattr(press, "back", ""))
        return await handler(event, data)

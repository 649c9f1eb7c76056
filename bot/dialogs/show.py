"""Shows cards where buttons were pressed, and guards against outdated ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot import places
from bot.desk import Desk
from bot.dialogs import cards
from bot.dialogs.errand import digest
from bot.dialogs.topics import LIVE
from bot.me import me
from bot.places import Spot, pair
from bot.screen import Screen, send
from crm_core.dialogs import queries
from crm_core.dialogs.queries import DialogView
from crm_core.kernel import memory
from crm_core.kernel.errors import Conflict
from crm_core.kernel.i18n import N_

Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


async def card_screen(desk: Desk, dialog_id: int, back: str = "") -> Screen:
    """The card for the place of the pressed button; NotFound, Forbidden."""
    view = await queries.dialog(desk.actor, dialog_id)
    held = view.assignee_id == desk.actor.id and view.state in LIVE
    apart = held and not back and desk.thread_id is None and (await me()).topics
    return cards.card(await cards.facts_of(desk.actor, dialog_id, back=back, apart=apart))


async def show_card(desk: Desk, dialog_id: int, back: str = "") -> None:
    """The card in place of what was pressed."""
    await desk.show(await card_screen(desk, dialog_id, back))


async def open_card(desk: Desk, dialog_id: int) -> None:
    """The card as a new message at the end of the chat; the former one goes."""
    screen = await cards.screen_for(desk.actor, dialog_id)
    key = pair(dialog_id, desk.chat_id)
    former = await memory.get(places.CARD, key)
    sent = await send(desk.bot, desk.here, screen)
    data = {"id": sent.message_id, "digest": digest(screen)}
    answer = {"dialog": dialog_id, "messages": []}
    await places.remember(
        [
            Spot(places.CARD, key, data),
            Spot(places.ANSWER, pair(desk.chat_id, sent.message_id), answer),
        ]
    )
    if former is not None:
        await desk.remove(former["id"])


async def current_view(desk: Desk, dialog_id: int, seen: int) -> DialogView:
    """The dialog, when it still is as the person saw it; Conflict when it has moved on."""
    view = await queries.dialog(desk.actor, dialog_id)
    if seen and view.version != seen:
        raise Conflict(N_("Something has changed meanwhile: look at the card again."))
    return view


class Redraws(BaseMiddleware):
    """Gives the desk the way to show the pressed card as things stand now."""

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        press, desk = data.get("callback_data"), data["desk"]
        if dialog_id := getattr(press, "id", None):
            desk.redraw = partial(show_card, desk, dialog_id, getattr(press, "back", ""))
        return await handler(event, data)

"""Shows calls where buttons were pressed, and guards against outdated ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject
from aiogram.utils.formatting import Bold

from bot.calls.cards import card
from bot.calls.facts import Facts
from bot.calls.loading import entitled
from bot.calls.posts import VIEW
from bot.calls.presses import CallPress
from bot.calls.words import who
from bot.clients.show import show
from bot.desk import Desk
from bot.dialogs.errand import digest
from bot.places import Spot, pair, remember
from bot.screen import Button, Screen, button
from crm_core.kernel import memory
from crm_core.kernel.i18n import gettext as _

Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


async def show_card(desk: Desk, call_id: int, back: str = "") -> None:
    """The card in place of what was pressed; the call's own message stays the call's."""
    facts = await entitled(desk.actor, call_id, back)
    screen = card(facts)
    await show(desk, screen)
    key = pair(call_id, desk.chat_id)
    known = await memory.get(VIEW, key)
    if known and desk.message and known["id"] == desk.message.message_id:
        await remember([Spot(VIEW, key, {"id": known["id"], "digest": digest(screen)})])


def to_card(call_id: int, back: str) -> Button:
    """The last button of every screen under a card."""
    return button(f"← {_('Back')}", CallPress(do="card", id=call_id, back=back))


def title(facts: Facts) -> Bold:
    return Bold(f"📞 {who(facts.call)}")


def done(said: str, call_id: int) -> Screen:
    """The outcome of a form, at the end of the chat: the card is one press away."""
    opens = CallPress(do="card", id=call_id)
    return Screen(Bold(said), [[button(f"📞 {_('Open the call')}", opens)]])


class Redraws(BaseMiddleware):
    """Gives the desk the way to show the pressed call as things stand now."""

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        press, desk = data.get("callback_data"), data["desk"]
        if call_id := getattr(press, "id", None):
            desk.redraw = partial(show_card, desk, call_id, getattr(press, "back", ""))
        return await handler(event, data)

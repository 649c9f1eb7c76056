"""What no slice took: outdated buttons are redrawn, stray words get a hint."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.desk import Desk
from bot.dialogs import cards
from bot.home.handlers import send_home
from bot.places import dialog_of_message
from crm_core.kernel.i18n import gettext as _


async def outdated(query: CallbackQuery, desk: Desk) -> None:
    """A button of an earlier version (or a forged one): say so, show what is true now."""
    await desk.toast(_("This button is outdated: here is how things stand."), alert=True)
    shown = query.message.message_id if query.message else 0
    dialog_id = await dialog_of_message(desk.chat_id, shown)
    if dialog_id is None:
        await send_home(desk)
        return
    await desk.show(await cards.screen_for(desk.actor, dialog_id))


async def stray(_message: Message, desk: Desk, raw_state: str | None = None) -> None:
    """Words for nobody; a picture where a form waits for a text."""
    if raw_state is not None:
        await desk.say(_("I am waiting for a text. Write it, or press Cancel above."))
        return
    text = _("To whom? Answer a message of the client, choose a dialog, or write /find and a name.")
    await desk.say(text)


async def unchanged(_message: Message) -> None:
    """An edit of something that went nowhere."""


def router() -> Router:
    router = Router(name="lastly")
    router.callback_query.register(outdated)
    router.message.register(stray)
    router.edited_message.register(unchanged)
    return router

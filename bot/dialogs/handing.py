"""Handing a dialog over, with a comment if wanted."""

from __future__ import annotations

from aiogram.types import CallbackQuery, Message

from bot.desk import Desk
from bot.dialogs.presses import GivePress
from bot.dialogs.show import current_view
from bot.forms import cancel
from bot.screen import Screen, button, lines
from crm_core.kernel.i18n import gettext as _

GIVE = "dialog.give"


async def give(_query: CallbackQuery, callback_data: GivePress, desk: Desk) -> None:
    """The chosen one: a comment may be written, or it goes at once."""
    await current_view(desk, callback_data.id, callback_data.seen)
    if callback_data.now:
        await desk.answers()
        await _hand_over(desk, callback_data, "")
        return await over(desk, _("Handed over"))
    at_once = callback_data.model_copy(update={"now": True})
    prompt = Screen(
        lines(_("Write a comment for your colleague: the client will not see it.")),
        [[button(f"➡️ {_('Without a comment')}", at_once)], cancel()],
    )
    return await desk.ask(GIVE, prompt, press=callback_data.pack())


async def give_with(message: Message, desk: Desk) -> None:
    """The comment has been written."""
    answers = await desk.answers()
    press = GivePress.unpack(answers["press"])
    await _hand_over(desk, press, message.text or "")
    await desk.say("➡️ " + _("Handed over"))


async def over(desk: Desk, words: str) -> None:
    """The question has done its work; the card itself is redrawn by the fact."""
    await desk.toast(words)
    if desk.message is not None:
        await desk.remove(desk.message.message_id)


async def _hand_over(desk: Desk, press: GivePress, comment: str) -> None:
    target = "employee_id" if press.kind == "person" else "queue_id"
    await desk.run("dialog.transfer", dialog_id=press.id, comment=comment, **{target: press.to})

"""Handing a request over, with a comment if wanted."""

from __future__ import annotations

from aiogram.types import CallbackQuery, Message

from bot.desk import Desk
from bot.forms import cancel
from bot.requests.presses import GiveRequestPress
from bot.requests.show import current, renew, screen_for
from bot.screen import Screen, button, lines
from crm_core.kernel.i18n import gettext as _

GIVE = "request.give"


async def give(_query: CallbackQuery, callback_data: GiveRequestPress, desk: Desk) -> None:
    """The chosen one: a comment may be written, or it goes at once."""
    await current(desk, callback_data.id, callback_data.seen)
    if callback_data.now:
        answers = await desk.answers()
        await _hand_over(desk, callback_data, "")
        await desk.toast(_("Handed over"))
        if desk.message is not None:
            await desk.remove(desk.message.message_id)
        return await _renewed(desk, callback_data.id, int(answers.get("shown", 0)))
    at_once = callback_data.model_copy(update={"now": True})
    prompt = Screen(
        lines(_("Write a comment for your colleague: the client will not see it.")),
        [[button(f"➡️ {_('Without a comment')}", at_once)], cancel()],
    )
    shown = desk.message.message_id if desk.message else 0
    return await desk.ask(GIVE, prompt, press=callback_data.pack(), shown=shown)


async def give_with(message: Message, desk: Desk) -> None:
    """The comment has been written."""
    answers = await desk.answers()
    press = GiveRequestPress.unpack(answers["press"])
    await _hand_over(desk, press, message.text or "")
    await _renewed(desk, press.id, answers["shown"])
    await desk.say("➡️ " + _("Handed over"))


async def _renewed(desk: Desk, request_id: int, shown: int) -> None:
    """The list of colleagues becomes the card again."""
    if shown:
        await renew(desk, shown, await screen_for(desk.actor, request_id))


async def _hand_over(desk: Desk, press: GiveRequestPress, comment: str) -> None:
    target = "employee_id" if press.kind == "person" else "queue_id"
    await desk.run("request.hand_over", request_id=press.id, comment=comment, **{target: press.to})

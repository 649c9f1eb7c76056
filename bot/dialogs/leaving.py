"""Ways a dialog is laid aside: put off, or closed with a summary if wanted."""

from __future__ import annotations

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot.desk import Desk
from bot.dialogs.cards import back_to_card
from bot.dialogs.handing import over
from bot.dialogs.presses import ClosePress, DialogPress, SnoozePress, Until
from bot.dialogs.show import current_view, show_card
from bot.dialogs.snoozing import NOT_A_TIME, moment_of, read_moment
from bot.forms import cancel
from bot.screen import Button, Screen, button, lines
from bot.times import moment
from crm_core.kernel import clock
from crm_core.kernel.i18n import gettext as _

SNOOZE, CLOSE = "dialog.snooze", "dialog.close"


async def when(_query: CallbackQuery, callback_data: DialogPress, desk: Desk) -> None:
    """Until when it is put off."""
    view = await current_view(desk, callback_data.id, callback_data.seen)

    def choice(label: str, until: Until) -> Button:
        press = SnoozePress(until=until, id=view.id, seen=view.version)
        return button(label, press)

    rows = [
        [choice(_("1 hour"), "1h"), choice(_("Evening"), "evening")],
        [choice(_("Tomorrow 9:00"), "morning"), choice(_("Own time"), "own")],
        [choice(_("Until the client writes"), "client")],
        back_to_card(view.id, callback_data.back),
    ]
    body = lines(Bold(f"💤 {view.client_name}"), _("Until when? It comes back by itself."))
    await desk.show(Screen(body, rows))


async def snooze(_query: CallbackQuery, callback_data: SnoozePress, desk: Desk) -> None:
    await current_view(desk, callback_data.id, callback_data.seen)
    if callback_data.until == "own":
        prompt = Screen(lines(_("When shall it come back?"), _(NOT_A_TIME)), [cancel()])
        return await desk.ask(SNOOZE, prompt, dialog=callback_data.id)
    until = None
    if callback_data.until != "client":
        found = moment_of(callback_data.until, clock.now(), desk.actor.timezone)
        until = found.isoformat()
    await desk.run("dialog.snooze", dialog_id=callback_data.id, until=until)
    return await show_card(desk, callback_data.id)


async def snooze_until(message: Message, desk: Desk) -> None:
    """The own time has been written; a wrong one leaves the form open."""
    until = read_moment(message.text or "", clock.now(), desk.actor.timezone)
    answers = await desk.answers()
    await desk.run("dialog.snooze", dialog_id=answers["dialog"], until=until.isoformat())
    at = {"time": moment(until, desk.actor.timezone)}
    await desk.say("💤 " + _("Put off until %(time)s") % at)


async def summary(_query: CallbackQuery, callback_data: DialogPress, desk: Desk) -> None:
    """Closing asks for one line on how it ended; it may stay empty."""
    view = await current_view(desk, callback_data.id, callback_data.seen)
    without = button(f"✔️ {_('Without a summary')}", ClosePress(id=view.id, seen=view.version))
    prompt = lines(Bold(f"✔️ {view.client_name}"), _("How did it end? One line, for colleagues."))
    await desk.ask(CLOSE, Screen(prompt, [[without], cancel()]), dialog=view.id)


async def close(_query: CallbackQuery, callback_data: ClosePress, desk: Desk) -> None:
    await current_view(desk, callback_data.id, callback_data.seen)
    await desk.answers()
    await desk.run("dialog.close", dialog_id=callback_data.id)
    await over(desk, _("Closed"))


async def close_with(message: Message, desk: Desk) -> None:
    answers = await desk.answers()
    await desk.run("dialog.close", dialog_id=answers["dialog"], summary=message.text or "")
    await desk.say("✔️ " + _("Closed. When the client writes again, a new dialog begins."))

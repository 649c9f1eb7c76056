"""Ways a dialog leaves one's hands: handed over, put off, closed; each with a word if wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot.desk import Desk
from bot.dialogs.cards import back_to_card
from bot.dialogs.presses import ClosePress, DialogPress, GivePress, SnoozePress, Until
from bot.dialogs.show import current_view, show_card
from bot.dialogs.snoozing import NOT_A_TIME, moment_of, read_moment
from bot.forms import cancel
from bot.home.views import presence_of
from bot.screen import Button, Screen, button, lines
from bot.times import moment
from crm_core.dialogs.queries import DialogView
from crm_core.kernel import clock
from crm_core.kernel.i18n import gettext as _
from crm_core.staff.queries import Colleague, QueueView, colleagues, queues

GIVE, SNOOZE, CLOSE = "dialog.give", "dialog.snooze", "dialog.close"
MOST_PEOPLE, MOST_QUEUES = 8, 4


async def whom(_query: CallbackQuery, callback_data: DialogPress, desk: Desk) -> None:
    """People (on shift first) and queues the dialog may go to."""
    view = await current_view(desk, callback_data.id, callback_data.seen)
    people = [one for one in await colleagues() if one.id != view.assignee_id]
    await desk.show(_whom(view, people, await queues(), callback_data.back))


def _whom(
    view: DialogView, people: Sequence[Colleague], found: Sequence[QueueView], back: str
) -> Screen:
    def press(kind: Literal["person", "queue"], to: int) -> GivePress:
        return GivePress(kind=kind, id=view.id, to=to, seen=view.version)

    persons = [
        button(
            f"{presence_of(one)[0]} {one.name} · {one.load}/{one.capacity}",
            press("person", one.id),
        )
        for one in people[:MOST_PEOPLE]
    ]
    groups = [
        button(
            f"👥 {one.name} · {_('on shift: %(count)s') % {'count': one.on_shift}}",
            press("queue", one.id),
        )
        for one in found[:MOST_QUEUES]
    ]
    body = lines(Bold(f"➡️ {view.client_name}"), _("To whom do you hand the dialog over?"))
    rows: list[list[Button]] = [[one] for one in (*persons, *groups)]
    return Screen(body, [*rows, back_to_card(view.id, back)])


async def give(_query: CallbackQuery, callback_data: GivePress, desk: Desk) -> None:
    """The chosen one: a comment may be written, or it goes at once."""
    await current_view(desk, callback_data.id, callback_data.seen)
    if callback_data.now:
        await desk.answers()
        await _hand_over(desk, callback_data, "")
        return await _over(desk, _("Handed over"))
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


async def _over(desk: Desk, words: str) -> None:
    """The question has done its work; the card itself is redrawn by the fact."""
    await desk.toast(words)
    if desk.message is not None:
        await desk.remove(desk.message.message_id)


async def _hand_over(desk: Desk, press: GivePress, comment: str) -> None:
    target = "employee_id" if press.kind == "person" else "queue_id"
    await desk.run("dialog.transfer", dialog_id=press.id, comment=comment, **{target: press.to})


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
    await _over(desk, _("Closed"))


async def close_with(message: Message, desk: Desk) -> None:
    answers = await desk.answers()
    await desk.run("dialog.close", dialog_id=answers["dialog"], summary=message.text or "")
    await desk.say("✔️ " + _("Closed. When the client writes again, a new dialog begins."))

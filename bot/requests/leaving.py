"""Ways a request leaves one's hands: handed over, rejected for a reason, dealt with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold

from bot.desk import Desk
from bot.forms import cancel
from bot.home.views import presence_of
from bot.requests.cards import back_to_card, who
from bot.requests.presses import GiveRequestPress, RejectPress, RequestPress, mark
from bot.requests.show import current, renew, screen_for, show, show_card
from bot.screen import Button, Screen, button, lines
from crm_core.kernel.errors import Conflict
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.requests.queries import RequestView
from crm_core.requests.reasons import reasons
from crm_core.staff.queries import Colleague, QueueView, colleagues, queues

GIVE = "request.give"
MOST_PEOPLE, MOST_QUEUES = 8, 4


async def whom(_query: CallbackQuery, callback_data: RequestPress, desk: Desk) -> None:
    """People (on shift first) and queues the request may go to."""
    view = await current(desk, callback_data.id, callback_data.seen)
    people = [one for one in await colleagues() if one.id != view.responsible_id]
    await show(desk, _whom(view, people, await queues(), callback_data.back))


def _whom(
    view: RequestView, people: Sequence[Colleague], found: Sequence[QueueView], back: str
) -> Screen:
    def press(kind: Literal["person", "queue"], to: int) -> GiveRequestPress:
        return GiveRequestPress(kind=kind, id=view.id, to=to, seen=view.version)

    rows: list[list[Button]] = [
        [button(f"{presence_of(one)[0]} {one.name} · {one.load}/{one.capacity}", goal)]
        for one in people[:MOST_PEOPLE]
        for goal in (press("person", one.id),)
    ]
    rows += [
        [button(f"👥 {one.name} · {_('on shift: %(count)s') % {'count': one.on_shift}}", goal)]
        for one in found[:MOST_QUEUES]
        for goal in (press("queue", one.id),)
    ]
    body = lines(Bold(f"➡️ {who(view)}"), _("To whom do you hand the application over?"))
    return Screen(body, [*rows, back_to_card(view.id, back)])


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


async def why_not(_query: CallbackQuery, callback_data: RequestPress, desk: Desk) -> None:
    """Nothing is rejected without one of the reasons."""
    view = await current(desk, callback_data.id, callback_data.seen)
    back = callback_data.back
    rows = [
        [button(_(one), RejectPress(id=view.id, reason=mark(one), seen=view.version, back=back))]
        for one in await reasons()
    ]
    body = lines(Bold(f"✖️ {who(view)}"), _("Why is the application rejected?"))
    await show(desk, Screen(body, [*rows, back_to_card(view.id, back)]))


async def reject(_query: CallbackQuery, callback_data: RejectPress, desk: Desk) -> None:
    await current(desk, callback_data.id, callback_data.seen)
    meant = [one for one in await reasons() if mark(one) == callback_data.reason]
    if not meant:
        raise Conflict(N_("This reason is no longer in the list: choose another one."))
    await desk.run("request.reject", request_id=callback_data.id, reason=meant[0])
    await desk.toast(_("Rejected: %(reason)s") % {"reason": _(meant[0])})
    await show_card(desk, callback_data.id, callback_data.back)


async def close(_query: CallbackQuery, callback_data: RequestPress, desk: Desk) -> None:
    await current(desk, callback_data.id, callback_data.seen)
    await desk.run("request.close", request_id=callback_data.id)
    await desk.toast("✓ " + _("Dealt with"))
    await show_card(desk, callback_data.id, callback_data.back)

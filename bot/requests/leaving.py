"""Ways a request ends: rejected for a reason, dealt with."""

from __future__ import annotations

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold

from bot.desk import Desk
from bot.requests.cards import back_to_card, who
from bot.requests.presses import RejectPress, RequestPress, mark
from bot.requests.show import current, show, show_card
from bot.screen import Screen, button, lines
from crm_core.kernel.errors import Conflict
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.requests.reasons import reasons


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

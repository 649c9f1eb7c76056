"""The status of an order, set back in the shop it came from."""

from __future__ import annotations

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold

from bot.desk import Desk
from bot.requests.cards import Facts, back_to_card, said, who
from bot.requests.presses import OrderPress, RequestPress
from bot.requests.show import show, show_card
from bot.screen import Screen, button, lines
from crm_core.dialogs import acts
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import Conflict, Forbidden
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.requests import queries

ACT = acts.ORDER_STATUS


async def choose(_query: CallbackQuery, callback_data: RequestPress, desk: Desk) -> None:
    facts = await _open(desk, callback_data.id)
    view, back = facts.view, callback_data.back
    rows = [
        [button(said(title).capitalize(), OrderPress(id=view.id, to=place, back=back))]
        for place, (_name, title) in enumerate(facts.statuses)
    ]
    body = lines(Bold(f"🛒 {who(view)}"), said(view.subject), _("Which status shall it have?"))
    await show(desk, Screen(body, [*rows, back_to_card(view.id, back)]))


async def set_status(_query: CallbackQuery, callback_data: OrderPress, desk: Desk) -> None:
    """The shop is told; its answer brings the card up to date."""
    facts = await _open(desk, callback_data.id)
    if not 0 <= callback_data.to < len(facts.statuses):
        raise Conflict(N_("Something has changed meanwhile: look at the card again."))
    name, title = facts.statuses[callback_data.to]
    view = facts.view
    await desk.run(
        "channel.act",
        channel_id=view.channel_id,
        do=ACT,
        target=view.key,
        values={"status": name},
    )
    await desk.toast(_("The shop is told: %(status)s") % {"status": said(title)})
    await show_card(desk, view.id, callback_data.back)


async def _open(desk: Desk, request_id: int) -> Facts:
    """The request of whoever has it in work; NotFound, Forbidden."""
    facts = Facts(view=await queries.request(desk.actor, request_id), viewer=desk.actor)
    if not facts.mine and not desk.actor.may(Right.DIALOG_ALL):
        raise Forbidden(N_("This request is with somebody else."))
    return facts

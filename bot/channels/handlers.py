"""Channel accounts: the list, one of them, the switch."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.channels import views
from bot.channels.presses import ChannelPress
from bot.desk import Desk
from bot.home.handlers import show_room
from crm_core.accounts.health import health
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_


async def press(_query: CallbackQuery, callback_data: ChannelPress, desk: Desk) -> None:
    """Only those who may connect channels see them."""
    desk.actor.require(Right.CHANNEL_WRITE)
    if callback_data.do in {"on", "off"}:
        active = callback_data.do == "on"
        await desk.run("channel.switch", channel_id=callback_data.id, active=active)
    if callback_data.do == "list":
        return await show_room(desk, views.channels(await health()), "channels")
    found = await health(callback_data.id)
    if not found:
        raise NotFound(N_("There is no such channel."))
    return await show_room(desk, views.channel(found[0], desk.actor.timezone), "channels")


def router() -> Router:
    router = Router(name="channels")
    router.callback_query.register(press, ChannelPress.filter())
    return router

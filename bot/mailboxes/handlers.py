"""What handles what with mailboxes: the list, one of them, forms."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.desk import Desk
from bot.forms import form
from bot.home.handlers import show_room
from bot.mailboxes import changing, connecting, views
from bot.mailboxes.presses import (
    ConnectPress,
    FieldPress,
    MailboxesPress,
    MailboxPress,
    ServicePress,
)
from crm_core.accounts import mailboxes
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import gettext as _
from crm_core.staff.queries import colleagues

ROOM = "mailboxes"


async def overview(_query: CallbackQuery, callback_data: MailboxesPress, desk: Desk) -> None:
    if callback_data.do == "whose":
        desk.actor.require(Right.CHANNEL_WRITE)
        return await show_room(desk, views.whose(desk.actor, await colleagues()), ROOM)
    return await show_list(desk)


async def show_list(desk: Desk) -> None:
    found = await mailboxes.mailboxes(desk.actor)
    await show_room(desk, views.mailboxes(found, desk.actor), ROOM)


async def press(_query: CallbackQuery, callback_data: MailboxPress, desk: Desk) -> None:
    number = callback_data.id
    if callback_data.do == "gone":
        await desk.run("mailbox.remove", channel_id=number)
        await desk.toast(_("Disconnected"))
        return await show_list(desk)
    if callback_data.do in {"on", "off"}:
        await desk.run("mailbox.switch", channel_id=number, active=callback_data.do == "on")
    found = await mailboxes.mailbox(desk.actor, number)
    screen = views.mailbox(found, desk.actor)
    if callback_data.do == "remove":
        screen = views.removal(found)
    return await show_room(desk, screen, ROOM)


def router() -> Router:
    router = Router(name="mailboxes")
    pressed = router.callback_query.register
    pressed(overview, MailboxesPress.filter())
    pressed(press, MailboxPress.filter())
    pressed(connecting.begin, ConnectPress.filter())
    pressed(connecting.chosen, ServicePress.filter())
    pressed(changing.ask, FieldPress.filter())
    answered = router.message.register
    answered(connecting.addressed, form(connecting.ADDRESS), F.text)
    answered(connecting.served, form(connecting.SERVERS), F.text)
    answered(connecting.passed, form(connecting.PASSWORD), F.text)
    answered(changing.changed, form(changing.FORM), F.text)
    return router

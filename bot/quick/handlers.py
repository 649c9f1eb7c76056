"""The care of quick replies: list, one of them, removal; forms are in `writing`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiogram import BaseMiddleware, F, Router
from aiogram.types import CallbackQuery, TelegramObject

from bot.desk import Desk
from bot.forms import form
from bot.quick import views, writing
from bot.quick.presses import AddPress, RepliesPress, ReplyPress
from crm_core.dialogs import quick
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import gettext as _

Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


async def replies(_query: CallbackQuery, callback_data: RepliesPress, desk: Desk) -> None:
    await show_replies(desk, callback_data.page)


async def show_replies(desk: Desk, page: int = 0) -> None:
    found = await quick.quick_replies(desk.actor.id)
    last = max(0, (len(found) - 1) // views.PAGE)
    await desk.show(views.replies(found, min(max(page, 0), last), desk.actor))


async def show(_query: CallbackQuery, callback_data: ReplyPress, desk: Desk) -> None:
    one = await writing.visible(desk.actor, callback_data.id)
    await desk.show(views.reply(one, desk.actor))


async def bare(query: CallbackQuery, callback_data: ReplyPress, desk: Desk) -> None:
    await writing.bare(desk, callback_data.id)
    await show(query, callback_data, desk)


async def remove(_query: CallbackQuery, callback_data: ReplyPress, desk: Desk) -> None:
    one = await writing.visible(desk.actor, callback_data.id)
    if not views.may_change(one, desk.actor):
        desk.actor.require(Right.QUICK_REPLY_WRITE)
    await desk.show(views.removal(one))


async def gone(_query: CallbackQuery, callback_data: ReplyPress, desk: Desk) -> None:
    one = await writing.visible(desk.actor, callback_data.id)
    await desk.run("quick_reply.remove", quick_reply_id=one.id)
    await desk.toast(_("Removed: %(title)s") % {"title": one.title})
    await show_replies(desk)


class Redraws(BaseMiddleware):
    """What is no longer there, or not one's own: the list shows the truth."""

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        desk = data["desk"]
        desk.redraw = partial(show_replies, desk)
        return await handler(event, data)


def router() -> Router:
    router = Router(name="quick")
    router.callback_query.middleware(Redraws())
    pressed = router.callback_query.register
    pressed(replies, RepliesPress.filter())
    pressed(writing.add, AddPress.filter())
    pressed(show, ReplyPress.filter(F.do == "show"))
    pressed(bare, ReplyPress.filter(F.do == "bare"))
    pressed(remove, ReplyPress.filter(F.do == "remove"))
    pressed(gone, ReplyPress.filter(F.do == "gone"))
    pressed(writing.ask, ReplyPress.filter(F.do.in_({"title", "text", "file"})))
    answered = router.message.register
    answered(writing.titled, form(writing.TITLE), F.text)
    answered(writing.filled, form(writing.CONTENT))
    answered(writing.retitled, form(writing.RETITLE), F.text)
    answered(writing.retexted, form(writing.RETEXT))
    answered(writing.filed, form(writing.FILE))
    answered(writing.more, writing.of_album)
    return router

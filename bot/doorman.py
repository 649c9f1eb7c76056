"""Who comes in: employees get a desk, strangers one polite line, refusals are explained."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Message, TelegramObject, Update

from bot import strangers
from bot.desk import Desk
from bot.intake import AGAIN
from bot.turns import turn
from channels.telegram.api import Api
from crm_core.kernel import db, i18n
from crm_core.kernel.errors import CrmError, Invalid, Missing
from crm_core.kernel.i18n import gettext as _
from crm_core.staff.queries import actor_of_telegram
from routing.contracts import DeliveryError

log = structlog.get_logger(__name__)

Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Doorman(BaseMiddleware):
    """Outer middleware of all updates: only private chats, only the staff (or with a link)."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        user, chat = data.get("event_from_user"), data.get("event_chat")
        if user is None or user.is_bot or (chat is not None and chat.type != "private"):
            return None
        assert isinstance(event, Update)  # noqa: S101 - registered on updates only
        actor = await actor_of_telegram(user.id)
        if actor is None:
            with i18n.using(strangers.language(user)):
                actor = await strangers.receive(data["bot"], event, user)
        if actor is None or not (event.message or event.edited_message or event.callback_query):
            return None
        desk = _desk(event, data, actor=actor, chat_id=user.id, api=self._api)
        async with turn(user.id):
            with i18n.using(actor.language):
                return await _serve(handler, event, data | {"desk": desk})


def _desk(event: Update, data: dict[str, Any], **known: Any) -> Desk:
    message: Any = event.message or event.edited_message
    if event.callback_query is not None:
        message = event.callback_query.message
    bot: Bot = data["bot"]
    return Desk(
        bot=bot,
        update_id=event.update_id,
        state=data["state"],
        raw=data["raw"],
        message=message if isinstance(message, Message) else None,
        query=event.callback_query,
        pressed=isinstance(event.callback_query, CallbackQuery),
        **known,
    )


async def _serve(handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
    desk: Desk = data["desk"]
    try:
        result = await handler(event, data)
    except (CrmError, DeliveryError) as error:
        await desk.end_form()
        return await refuse(desk, error)
    except (*AGAIN, *db.LOST):
        raise  # the update is handled again
    except Exception:
        await desk.end_form()
        await _apologise(desk)
        raise
    await desk.end_form()
    await desk.toast()
    return result


async def refuse(desk: Desk, error: CrmError | DeliveryError) -> None:
    """Say what is wrong; what is shown and no longer true is drawn anew."""
    text = i18n.explain(error) if isinstance(error, CrmError) else _(str(error))
    await desk.toast(text, alert=True)
    if desk.redraw is not None and not isinstance(error, Invalid | Missing):
        with suppress(CrmError, TelegramAPIError):
            await desk.redraw()


async def _apologise(desk: Desk) -> None:
    """The number ties what the person saw to the line in the log."""
    number = secrets.token_hex(3)
    log.error("bot_handler_failed", number=number, update_id=desk.update_id)
    text = _(
        "It did not work. Try again; if it stays so, tell the administrator number %(number)s."
    )
    with suppress(TelegramAPIError):
        await desk.toast(text % {"number": number}, alert=True)

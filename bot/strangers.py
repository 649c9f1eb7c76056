"""People the bot does not know: a one-time link makes them employees, nothing else does."""

from __future__ import annotations

import structlog
from aiogram import Bot
from aiogram.types import Update, User

from crm_core.kernel import i18n
from crm_core.kernel.actors import Actor
from crm_core.kernel.errors import CrmError
from crm_core.kernel.i18n import gettext as _
from crm_core.staff.commands import bind
from crm_core.staff.queries import actor_of_telegram

log = structlog.get_logger(__name__)


def language(user: User) -> str:
    """Russian for Russian speakers and their neighbours by keyboard, else English."""
    code = (user.language_code or "ru").partition("-")[0]
    return "ru" if code in {"ru", "be", "uk", "kk"} else "en"


def token_of(text: str | None) -> str:
    """What stands behind `/start`; empty when nothing does."""
    command, _space, payload = (text or "").partition(" ")
    return payload.strip() if command == "/start" else ""


async def receive(bot: Bot, update: Update, user: User) -> Actor | None:
    """Bind the person when the link is good; else say how to get one. The employee, if any."""
    token = token_of(update.message.text if update.message else None)
    if token:
        try:
            await bind(token, user.id, language(user))
        except CrmError as error:
            await bot.send_message(user.id, i18n.explain(error))
            return None
        return await actor_of_telegram(user.id)
    if update.message is not None:
        text = _("This bot is for employees. Ask your administrator for a log-in link.")
        await bot.send_message(user.id, text)
    if update.callback_query is not None:
        await update.callback_query.answer(_("You no longer have access."), show_alert=True)
    return None

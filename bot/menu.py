"""What the bot says of itself to Telegram: its commands, in both languages."""

from __future__ import annotations

from aiogram.methods import GetMe, SetMyCommands
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats

from bot.me import Me, remember
from channels.telegram.api import Api
from crm_core.kernel import i18n
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

COMMANDS = {
    "home": N_("Home screen"),
    "new": N_("New dialogs and applications"),
    "mine": N_("My dialogs"),
    "find": N_("Find a client"),
    "call": N_("Call a number or a client"),
    "calls": N_("Calls and their numbers"),
    "request": N_("Take in a request"),
    "reports": N_("Reports"),
    "mail": N_("My addresses for mail"),
    "help": N_("What I can do here"),
}


async def introduce(api: Api) -> None:
    """Remember who we are and set the command menu; raises a DeliveryError."""
    found = await api.call(GetMe(), again=True)
    await remember(
        Me(
            id=found["id"],
            username=found.get("username", ""),
            topics=bool(found.get("has_topics_enabled")),
        )
    )
    for language, code in (("en", None), ("ru", "ru")):
        with i18n.using(language):
            await api.call(_commands(code), again=True)


def _commands(language_code: str | None) -> SetMyCommands:
    return SetMyCommands(
        commands=[BotCommand(command=name, description=_(text)) for name, text in COMMANDS.items()],
        scope=BotCommandScopeAllPrivateChats(),
        language_code=language_code,
    )

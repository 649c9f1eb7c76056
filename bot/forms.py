"""Forms: the next message of a person answers a question; survives a restart, may be cancelled."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.filters.callback_data import CallbackData

from bot.desk import FORM, Desk
from bot.screen import Button, button
from crm_core.kernel.i18n import gettext as _


class FormPress(CallbackData, prefix="form"):
    """`do`: cancel."""

    do: str


def form(name: str) -> StateFilter:
    """Filter of the handler that takes the answer to `desk.ask(name, …)`."""
    return StateFilter(f"{FORM}:{name}")


def cancel() -> tuple[Button]:
    """The row every prompt ends with."""
    return (button("✖️ " + _("Cancel"), FormPress(do="cancel")),)


async def _cancelled(_query: object, desk: Desk) -> None:
    await desk.answers()
    await desk.toast(_("Cancelled"))


def router() -> Router:
    router = Router(name="forms")
    router.callback_query.register(_cancelled, FormPress.filter())
    return router

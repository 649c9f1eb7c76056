"""Buttons of undo. `back` is a trail (bot.trail)."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

from bot.screen import Button, button
from crm_core.kernel.i18n import gettext as _

What = Literal["c", "r"]


class UndoPress(CallbackData, prefix="u"):
    """Changes of client (`c`) or request (`r`) `id`; with `event` that one is taken back."""

    what: What
    id: int
    event: int = 0
    back: str = ""


def entry(what: What, number: int, back: str) -> Button:
    """The button of a card that leads here."""
    return button(f"↩️ {_('Take a change back')}", UndoPress(what=what, id=number, back=back))

"""Buttons of the home message."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

Room = Literal["home", "clients", "search", "requests", "take", "reports", "settings"]
To = Room | Literal["on", "away", "off", "ru", "en", "silence"]
Which = Literal["new", "mine", "waiting", "snoozed", "closed"]


class HomePress(CallbackData, prefix="h"):
    """`to`: a room, a presence, a language, or `silence`: words without a reply go to nobody."""

    to: To


class ListPress(CallbackData, prefix="l"):
    """A page of one's dialogs."""

    which: Which
    page: int = 0

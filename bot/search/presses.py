"""Buttons of the search room. The words looked for are kept in view memory."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

Tab = Literal["all", "clients", "messages"]


class SearchPress(CallbackData, prefix="s"):
    """A page of what was found."""

    tab: Tab = "all"
    page: int = 0


class HitPress(CallbackData, prefix="sh"):
    """The place in its dialog where message `id` stands."""

    id: int
    back: str = ""

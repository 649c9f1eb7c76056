"""What handles what, in this order: the first router that takes an update has it."""

from __future__ import annotations

from aiogram import Router

from bot import forms, lastly
from bot.dialogs import handlers as dialogs
from bot.home import handlers as home


def routers() -> list[Router]:
    """Fresh routers of all slices. Commands and buttons first, then what people write."""
    return [
        forms.router(),
        home.router(),
        dialogs.router(),
        dialogs.writing_router(),
        lastly.router(),
    ]

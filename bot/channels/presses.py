"""Buttons about channel accounts."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData


class ChannelPress(CallbackData, prefix="ch"):
    """`list`: all of them; `show` one; switch it `on` or `off`."""

    do: Literal["list", "show", "on", "off"]
    id: int = 0

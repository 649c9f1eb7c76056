"""Buttons of the care of quick replies."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData


class RepliesPress(CallbackData, prefix="ql"):
    """A page of the list."""

    page: int = 0


class AddPress(CallbackData, prefix="qa"):
    """Begin a new one; `shared` ones are everybody's."""

    shared: bool


class ReplyPress(CallbackData, prefix="q"):
    """Something to see or to do with quick reply `id`."""

    do: Literal["show", "title", "text", "file", "bare", "remove", "gone"]
    id: int

"""Buttons about what a client is. `id` is the client, `back` a trail (bot.trail)."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

AS_WRITTEN, NO_SOURCE = 0, -1


class ClassPress(CallbackData, prefix="x"):
    """Everything the card is classified by; `page` of catalogues."""

    id: int
    page: int = 0
    back: str = ""


class PickPress(CallbackData, prefix="xp"):
    """Items of catalogue `of` under `at` (0: the top).

    `flip`: an item to put on the card first, or to take off when it is negative.
    """

    id: int
    of: int
    at: int = 0
    page: int = 0
    flip: int = 0
    back: str = ""


class InterestPress(CallbackData, prefix="xi"):
    """Channels of advertising to choose from."""

    id: int
    page: int = 0
    back: str = ""


class ChannelPress(CallbackData, prefix="xc"):
    """The client first came by channel `item`: its exact source is asked."""

    id: int
    item: int
    back: str = ""


class SourcePress(CallbackData, prefix="xw"):
    """By channel `item`; `who` recommended us, or AS_WRITTEN, or NO_SOURCE."""

    id: int
    item: int
    who: int
    back: str = ""

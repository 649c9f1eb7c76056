"""Buttons of calls. `back` is a trail (bot.trail); cards that stand for themselves have none."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

Do = Literal[
    "card",
    "owner",  # to the client's manager
    "take",
    "hangup",
    "hold",
    "resume",
    "whom",  # to whom to transfer
    "listen",
    "note",
    "new",  # a new client of this number
    "request",
    "spam",
    "unspam",
    "client",
    "again",  # call the number
    "play",
    "find",  # look for a lost recording
    "named",  # a new client of the name the PBX says
    "later",  # when to call back
]
Which = Literal["now", "mine", "missed", "all"]
By = Literal["hour", "employee", "queue"]
Span = Literal["today", "week", "month"]
When = Literal["1h", "evening", "morning", "own"]


class CallPress(CallbackData, prefix="t"):
    """Something to see or to do with call `id`."""

    do: Do
    id: int
    back: str = ""


class ToPress(CallbackData, prefix="tg"):
    """Transfer call `id` to employee `to`; `ask`: speak with them first."""

    id: int
    to: int
    ask: bool = False
    back: str = ""


class ResultPress(CallbackData, prefix="tr"):
    """How call `id` ended."""

    id: int
    result: str
    back: str = ""


class LaterPress(CallbackData, prefix="tl"):
    """Call back at `when`."""

    id: int
    when: When
    back: str = ""


class PhonePress(CallbackData, prefix="tp"):
    """Call client `id`: the number of contact `contact` (0: the only one, or a choice)."""

    id: int
    contact: int = 0
    back: str = ""


class AskerPress(CallbackData, prefix="ta"):
    """Call whoever made request `id`."""

    id: int


class CallsPress(CallbackData, prefix="tz"):
    """A page of calls."""

    which: Which
    page: int = 0


class StatsPress(CallbackData, prefix="ts"):
    """Numbers of calls."""

    by: By = "hour"
    span: Span = "today"

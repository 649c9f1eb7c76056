"""Buttons of requests. `back` is a trail (bot.trail)."""

from __future__ import annotations

import hashlib
from typing import Literal

from aiogram.filters.callback_data import CallbackData

Which = Literal["new", "mine", "work", "done"]
Step = Literal[
    "client", "new", "skip", "mine", "give", "person", "make", "queue", "way", "fill", "drop"
]
Do = Literal["card", "accept", "why", "give", "reject", "client", "dialog", "close", "order"]


class RequestsPress(CallbackData, prefix="rl"):
    """A page of a list; `source` is the mark of one source (all of them when empty)."""

    which: Which = "new"
    page: int = 0
    source: str = ""


class RequestPress(CallbackData, prefix="r"):
    """Something to see or to do with request `id`; `seen`: its version when it was drawn."""

    do: Do
    id: int
    seen: int = 0
    back: str = ""


class GiveRequestPress(CallbackData, prefix="rg"):
    """Hand request `id` over to person or queue number `to`; `now`: without a comment."""

    kind: Literal["person", "queue"]
    id: int
    to: int
    seen: int = 0
    now: bool = False


class RejectPress(CallbackData, prefix="rj"):
    """Reject request `id` for the reason with this mark."""

    id: int
    reason: str
    seen: int = 0
    back: str = ""


class OrderPress(CallbackData, prefix="ro"):
    """Set the order behind request `id` to a status of its shop (by place)."""

    id: int
    to: int
    back: str = ""


class ChosenClientPress(CallbackData, prefix="rc"):
    """Request `id` is of client `to` (0: of somebody new)."""

    id: int
    to: int
    back: str = ""


class TakePress(CallbackData, prefix="rt"):
    """A step of the intake wizard; `to`: the client, colleague or field it is about."""

    do: Step
    to: int = 0


def mark(text: str) -> str:
    """A few bytes that stand for a text in a button."""
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()

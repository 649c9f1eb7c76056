"""Buttons under dialogs: short prefixes, ids, and what the person saw when they pressed."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

from bot.home.presses import Which

Do = Literal[
    "card",
    "accept",
    "decline",
    "why",
    "history",
    "quick",
    "give",
    "snooze",
    "close",
    "note",
    "write",
    "client",
    "open",
]


Until = Literal["1h", "evening", "morning", "client", "own"]


class DialogPress(CallbackData, prefix="d"):
    """Something to do with a dialog. `seen`: its version when the button was drawn (0: does not
    matter); `back`: the list it was opened from, as `origin` writes it."""

    do: Do
    id: int
    seen: int = 0
    back: str = ""


class HistoryPress(CallbackData, prefix="dh"):
    """Messages of a dialog older than message `before` (0: the latest)."""

    id: int
    before: int = 0
    back: str = ""


class QuickPress(CallbackData, prefix="dq"):
    """`do`: page, send, edit a quick reply (`reply`) into a dialog."""

    do: Literal["page", "send", "edit"]
    id: int
    reply: int = 0
    back: str = ""


class GivePress(CallbackData, prefix="dg"):
    """Hand dialog `id` over to person or queue number `to`; `now`: without a comment."""

    kind: Literal["person", "queue"]
    id: int
    to: int
    seen: int = 0
    now: bool = False


class SnoozePress(CallbackData, prefix="ds"):
    """`until`: 1h, evening, morning, client (writes), own (time)."""

    until: Until
    id: int
    seen: int = 0


class ClosePress(CallbackData, prefix="dc"):
    """Close dialog `id` without a summary."""

    id: int
    seen: int = 0


class ForeseenPress(CallbackData, prefix="df"):
    """Whether the words this notice replies to shall go into dialog `id`."""

    do: Literal["send", "drop"]
    id: int


class RetryPress(CallbackData, prefix="dr"):
    """Send the failed parts of a message again."""

    message: int


LETTERS: dict[Which, str] = {"new": "n", "mine": "m", "waiting": "w", "snoozed": "s", "closed": "c"}


def origin(which: Which, page: int) -> str:
    """A list and its page in a few bytes: `m2`."""
    return f"{LETTERS[which]}{page}"


def origin_of(back: str) -> tuple[Which, int] | None:
    """The list and page behind `origin`; None when the card stands for itself."""
    names = {letter: name for name, letter in LETTERS.items()}
    if back[:1] not in names or not back[1:].isdigit():
        return None
    return names[back[0]], int(back[1:])

"""Whose turn it is to draw in a chat: a press and a refresh of numbers, one after the other."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

_turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()


def turn(chat_id: int) -> asyncio.Lock:
    """To be held while an update of this chat is handled, or a screen is drawn unasked.

    Otherwise a refresh that was rendered a moment ago covers what the person has just opened.
    All of it happens in the one process that works the bot.
    """
    found = _turns.get(chat_id)
    if found is None:
        found = _turns[chat_id] = asyncio.Lock()
    return found

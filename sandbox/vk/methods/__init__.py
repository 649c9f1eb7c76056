"""Methods of the pretended API: importing a module registers its handlers."""

from sandbox.vk.methods import (
    callbackservers,
    conversations,
    groups,
    history,
    market,
    media,
    messages,
)

__all__ = [
    "callbackservers",
    "conversations",
    "groups",
    "history",
    "market",
    "media",
    "messages",
]

"""The emulated Bot API methods; importing this package registers them all."""

from sandbox.botapi.methods import (
    albums,
    callbacks,
    chats,
    copies,
    deleting,
    downloads,
    editing,
    me,
    media,
    pins,
    places,
    polling,
    reactions,
    text,
    topics,
    webhook,
)

__all__ = [
    "albums",
    "callbacks",
    "chats",
    "copies",
    "deleting",
    "downloads",
    "editing",
    "me",
    "media",
    "pins",
    "places",
    "polling",
    "reactions",
    "text",
    "topics",
    "webhook",
]

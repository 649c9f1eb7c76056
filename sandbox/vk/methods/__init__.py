"""Methods of the pretended API: importing a module registers its handlers."""

from sandbox.vk.methods import groups, history, market, media, messages

__all__ = ["groups", "history", "market", "media", "messages"]

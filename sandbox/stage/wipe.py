"""Empties the chats of a world for a fresh demo, keeping accounts, tokens and numbering."""

from __future__ import annotations

from sandbox.botapi.world import World


def wipe_chats(world: World) -> None:
    """Forget what was said in private chats; message ids go on, so bots mix nothing up."""
    for chat in world.privates.values():
        chat.messages.clear()
        chat.topics.clear()
        chat.pinned.clear()
        chat.drafts.clear()
        chat.started = chat.blocked = False
        chat.reply_keyboard = chat.action = None
        world.publish("wiped", chat)

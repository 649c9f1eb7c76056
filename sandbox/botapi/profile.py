"""What a bot set about itself, as a person gets it: commands by scope and language, menu button."""

from __future__ import annotations

import json

from sandbox.botapi.state import Bot, Chat, Json, User


def scope_key(scope: Json | None) -> str:
    """One string for a BotCommandScope; absent means the default scope."""
    return json.dumps(scope or {"type": "default"}, sort_keys=True)


def commands_for(bot: Bot, chat: Chat, user: User) -> list[Json]:
    """The commands a person is offered in a private chat: the narrowest scope wins."""
    scopes = ({"type": "chat", "chat_id": chat.id}, {"type": "all_private_chats"}, None)
    for scope in scopes:
        for language in (user.language_code or "", ""):
            found = bot.commands.get((scope_key(scope), language))
            if found:
                return found
    return []


def menu_button_for(bot: Bot, chat: Chat) -> Json:
    return bot.menu_buttons.get(chat.id) or bot.menu_buttons.get(0) or {"type": "default"}

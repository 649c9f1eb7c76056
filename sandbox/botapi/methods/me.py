"""getMe, commands, names and descriptions, the menu button."""

from __future__ import annotations

import re

from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import bad_request
from sandbox.botapi.profile import menu_button_for, scope_key
from sandbox.botapi.render import user_json
from sandbox.botapi.state import Json

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_TEXTS = {
    "name": ("name", 64),
    "description": ("description", 512),
    "shortdescription": ("short_description", 120),
}


@method("getMe")
def get_me(context: Context) -> Json:
    bot = context.bot
    return user_json(bot.user) | {
        "can_join_groups": True,
        "can_read_all_group_messages": bot.can_read_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": bot.has_topics_enabled,
        "allows_users_to_create_topics": bot.allows_users_to_create_topics,
    }


def _key(context: Context) -> tuple[str, str]:
    return scope_key(context.get("scope")), context.get("language_code", "")


@method("setMyCommands")
def set_my_commands(context: Context) -> bool:
    commands = context.params["commands"]
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for each in commands:
        if not _COMMAND.fullmatch(each["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(each["description"].strip()) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    context.bot.commands[_key(context)] = [
        each | {"command": each["command"].removeprefix("/")} for each in commands
    ]
    context.world.feed.publish({"kind": "commands", "bot_id": context.bot.id})
    return True


@method("getMyCommands")
def get_my_commands(context: Context) -> list[Json]:
    return context.bot.commands.get(_key(context), [])


@method("deleteMyCommands")
def delete_my_commands(context: Context) -> bool:
    context.bot.commands.pop(_key(context), None)
    context.world.feed.publish({"kind": "commands", "bot_id": context.bot.id})
    return True


@method("setMyName", "setMyDescription", "setMyShortDescription")
def set_my_text(context: Context) -> bool:
    name, longest = _TEXTS[context.method.lower().removeprefix("setmy")]
    text = context.get(name, "")
    if len(text) > longest:
        raise bad_request(f"{name.upper()}_TOO_LONG")
    context.bot.texts[name, context.get("language_code", "")] = text
    if name == "name" and text and not context.get("language_code"):
        context.bot.user.first_name = text
    return True


@method("getMyName", "getMyDescription", "getMyShortDescription")
def get_my_text(context: Context) -> Json:
    name, _ = _TEXTS[context.method.lower().removeprefix("getmy")]
    own = context.bot.user.first_name if name == "name" else ""
    default = context.bot.texts.get((name, ""), own)
    return {name: context.bot.texts.get((name, context.get("language_code", "")), default)}


@method("setChatMenuButton")
def set_chat_menu_button(context: Context) -> bool:
    button = context.get("menu_button", {"type": "default"})
    context.bot.menu_buttons[context.get("chat_id", 0)] = button
    context.world.feed.publish({"kind": "menu_button", "bot_id": context.bot.id})
    return True


@method("getChatMenuButton")
def get_chat_menu_button(context: Context) -> Json:
    user = context.world.users.get(context.get("chat_id", 0))
    if user is None:
        return context.bot.menu_buttons.get(0, {"type": "default"})
    return menu_button_for(context.bot, context.world.private(context.bot, user))

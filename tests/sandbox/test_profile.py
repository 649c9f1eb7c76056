"""What a bot says of itself: commands, names, menu button; and getChat."""

from __future__ import annotations

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    MenuButtonCommands,
)

from tests.sandbox.conftest import Shop


def commands(shop: Shop) -> list[str]:
    return [each["command"] for each in shop.anna.screen()["commands"]]


async def test_commands_by_scope_and_language(shop: Shop) -> None:
    await shop.bot.set_my_commands([BotCommand(command="help", description="Help")])
    assert commands(shop) == ["help"]
    russian = [BotCommand(command="pomosh", description="Помощь")]
    await shop.bot.set_my_commands(russian, language_code="ru")
    assert commands(shop) == ["pomosh"]
    scope = BotCommandScopeChat(chat_id=shop.chat_id)
    await shop.bot.set_my_commands([BotCommand(command="own", description="x")], scope=scope)
    assert commands(shop) == ["own"]
    await shop.bot.delete_my_commands(scope=scope)
    assert [each.command for each in await shop.bot.get_my_commands()] == ["help"]
    assert commands(shop) == ["pomosh"]


@pytest.mark.parametrize(
    ("command", "description", "message"),
    [
        ("Help", "x", "BOT_COMMAND_INVALID"),
        ("a" * 33, "x", "BOT_COMMAND_INVALID"),
        ("help", " ", "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_command_rules(shop: Shop, command: str, description: str, message: str) -> None:
    with pytest.raises(TelegramBadRequest, match=message):
        await shop.bot.set_my_commands([BotCommand(command=command, description=description)])


async def test_names(shop: Shop) -> None:
    await shop.bot.set_my_name("Pult")
    await shop.bot.set_my_description("Long")
    await shop.bot.set_my_short_description("Short", language_code="ru")
    assert (await shop.bot.get_me()).first_name == "Pult"
    assert (await shop.bot.get_my_description()).description == "Long"
    short = await shop.bot.get_my_short_description(language_code="ru")
    assert short.short_description == "Short"
    assert (await shop.bot.get_my_short_description()).short_description == ""
    with pytest.raises(TelegramBadRequest, match="NAME_TOO_LONG"):
        await shop.bot.set_my_name("a" * 65)


async def test_menu_button(shop: Shop) -> None:
    await shop.bot.set_chat_menu_button(shop.chat_id, MenuButtonCommands())
    assert (await shop.bot.get_chat_menu_button(shop.chat_id)).type == "commands"
    assert (await shop.bot.get_chat_menu_button()).type == "default"
    assert shop.anna.screen()["menu_button"] == {"type": "commands"}


async def test_get_chat(shop: Shop) -> None:
    chat = await shop.bot.get_chat(shop.chat_id)
    assert (chat.type, chat.first_name, chat.username) == ("private", "Anna", "anna")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await shop.bot.get_chat(shop.world.add_user("Boris").id)

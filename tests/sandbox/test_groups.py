"""Groups: members, privacy mode, removal, upgrade to a supergroup."""

from __future__ import annotations

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
)
from aiogram.types import ChatMemberAdministrator

from sandbox.botapi import groups
from sandbox.botapi.state import Chat
from tests.sandbox.conftest import Shop


def team(shop: Shop, *rights: str, kind: str = "supergroup") -> Chat:
    chat = shop.world.add_group("Team", kind=kind)
    groups.join(shop.world, chat, shop.anna.user, status="creator")
    groups.add_bot(shop.world, chat, shop.account, by=shop.anna.user, rights=rights)
    return chat


async def heard(shop: Shop) -> list[str | None]:
    return [each.message.text for each in await shop.bot.get_updates() if each.message]


async def test_bot_is_told_of_its_place(shop: Shop) -> None:
    chat = team(shop, "can_pin_messages")
    (update,) = await shop.bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.chat.id == chat.id
    member = update.my_chat_member.new_chat_member
    assert isinstance(member, ChatMemberAdministrator)
    assert (member.can_pin_messages, member.can_manage_topics) == (True, False)


async def test_privacy_mode(shop: Shop) -> None:
    chat = team(shop)
    anna = shop.world.actor(shop.anna.user, chat)
    sent = await shop.bot.send_message(chat.id, "hello")
    anna.text("just talk")
    anna.text("/help")
    anna.text("hey @shop_bot")
    anna.text("re", reply_to=chat.messages[sent.message_id])
    assert await heard(shop) == ["/help", "hey @shop_bot", "re"]
    shop.account.can_read_all_group_messages = True
    anna.text("now heard")
    assert (await heard(shop))[-1] == "now heard"


async def test_administrator_hears_all(shop: Shop) -> None:
    chat = team(shop, "can_manage_topics")
    shop.world.actor(shop.anna.user, chat).text("just talk")
    assert await heard(shop) == ["just talk"]


async def test_members(shop: Shop) -> None:
    chat = team(shop, "can_manage_topics")
    administrators = await shop.bot.get_chat_administrators(chat.id)
    assert [each.status for each in administrators] == ["creator", "administrator"]
    boris = shop.world.add_user("Boris")
    assert (await shop.bot.get_chat_member(chat.id, boris.id)).status == "left"
    groups.join(shop.world, chat, boris)
    assert (await shop.bot.get_chat_member(chat.id, boris.id)).status == "member"
    with pytest.raises(TelegramBadRequest, match="user not found"):
        await shop.bot.get_chat_member(chat.id, 42)
    with pytest.raises(TelegramBadRequest, match="no administrators in the private chat"):
        await shop.bot.get_chat_administrators(shop.chat_id)


async def test_removed_bot(shop: Shop) -> None:
    chat = team(shop)
    groups.remove_bot(shop.world, chat, shop.account, by=shop.anna.user)
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the supergroup chat"):
        await shop.bot.send_message(chat.id, "x")


async def test_strange_group(shop: Shop) -> None:
    chat = shop.world.add_group("Others")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await shop.bot.send_message(chat.id, "x")


async def test_rights_are_needed_to_pin_and_to_delete_others(shop: Shop) -> None:
    chat = team(shop)
    hers = shop.world.actor(shop.anna.user, chat).text("/x")
    with pytest.raises(TelegramBadRequest, match="not enough rights to manage pinned messages"):
        await shop.bot.pin_chat_message(chat.id, hers.id)
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await shop.bot.delete_message(chat.id, hers.id)
    chat.members[shop.account.id].status = "administrator"
    chat.members[shop.account.id].rights["can_delete_messages"] = True
    await shop.bot.delete_message(chat.id, hers.id)


async def test_upgrade(shop: Shop) -> None:
    chat = team(shop, kind="group")
    new = groups.upgrade(shop.world, chat, by=shop.anna.user)
    with pytest.raises(TelegramMigrateToChat) as error:
        await shop.bot.send_message(chat.id, "x")
    assert error.value.migrate_to_chat_id == new.id
    await shop.bot.send_message(new.id, "x")
    messages = [each.message for each in await shop.bot.get_updates() if each.message]
    assert [each.migrate_to_chat_id for each in messages] == [new.id, None]
    assert [each.migrate_from_chat_id for each in messages] == [None, chat.id]


async def test_public_name(shop: Shop) -> None:
    chat = team(shop)
    chat.username = "team_chat"
    sent = await shop.bot.send_message("@Team_Chat", "x")
    assert sent.chat.id == chat.id
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await shop.bot.send_message("@nobody", "x")


async def test_two_bots_do_not_hear_each_other(shop: Shop) -> None:
    chat = team(shop, "can_manage_topics")
    groups.add_bot(shop.world, chat, shop.other, by=shop.anna.user, rights=("can_pin_messages",))
    before = len(await shop.bot.get_updates())
    await shop.other_bot.send_message(chat.id, "x")
    assert len(await shop.bot.get_updates()) == before
    seen = shop.world.group_screen(shop.chat_id, chat.id)
    assert [each["text"] for each in seen["messages"]] == [None, "x"]

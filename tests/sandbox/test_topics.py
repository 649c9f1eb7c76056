"""Topics in private chats with a bot and in forum groups."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import ReplyParameters

from sandbox.botapi import groups
from sandbox.botapi.state import Chat
from tests.sandbox.conftest import Shop


async def test_private_topics(topics: Shop) -> None:
    topic = await topics.bot.create_forum_topic(topics.chat_id, "Deal 1")
    thread_id = topic.message_thread_id
    sent = await topics.bot.send_message(topics.chat_id, "in", message_thread_id=thread_id)
    assert sent.is_topic_message
    assert sent.message_thread_id == thread_id
    topics.anna.in_topic(thread_id).text("hers")
    *_, update = await topics.bot.get_updates()
    assert update.message is not None
    assert (update.message.message_thread_id, update.message.is_topic_message) == (thread_id, True)
    inside = topics.anna.in_topic(thread_id).messages()
    assert [each.text for each in inside] == ["", "in", "hers"]
    assert topics.anna.screen()["topics"][0]["name"] == "Deal 1"


async def test_reply_stays_in_its_topic(topics: Shop) -> None:
    topic = await topics.bot.create_forum_topic(topics.chat_id, "Deal 1")
    hers = topics.anna.in_topic(topic.message_thread_id).text("question")
    sent = await topics.bot.send_message(
        topics.chat_id, "answer", reply_parameters=ReplyParameters(message_id=hers.id)
    )
    assert sent.message_thread_id == topic.message_thread_id


async def test_rename_and_delete(topics: Shop) -> None:
    topic = await topics.bot.create_forum_topic(topics.chat_id, "Deal 1")
    place: dict[str, Any] = {
        "chat_id": topics.chat_id,
        "message_thread_id": topic.message_thread_id,
    }
    await topics.bot.edit_forum_topic(**place, name="Deal 1 won")
    with pytest.raises(TelegramBadRequest, match="TOPIC_NOT_MODIFIED"):
        await topics.bot.edit_forum_topic(**place, name="Deal 1 won")
    events = [each.message for each in await topics.bot.get_updates()]
    assert [bool(each and each.forum_topic_edited) for each in events] == [False, True]
    await topics.bot.delete_forum_topic(**place)
    assert [each.text for each in topics.anna.messages()] == ["/start"]
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await topics.bot.send_message(
            topics.chat_id, "x", message_thread_id=topic.message_thread_id
        )


async def test_bot_without_topics(shop: Shop) -> None:
    with pytest.raises(TelegramBadRequest, match="the chat is not a forum"):
        await shop.bot.create_forum_topic(shop.chat_id, "Deal")
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await shop.bot.send_message(shop.chat_id, "x", message_thread_id=7)


async def test_closing_is_for_groups(topics: Shop) -> None:
    topic = await topics.bot.create_forum_topic(topics.chat_id, "Deal 1")
    with pytest.raises(TelegramBadRequest, match="the chat is not a supergroup forum"):
        await topics.bot.close_forum_topic(topics.chat_id, topic.message_thread_id)


async def test_people_open_topics_only_where_allowed(topics: Shop) -> None:
    with pytest.raises(PermissionError):
        topics.anna.create_topic("Mine")
    topics.account.allows_users_to_create_topics = True
    thread_id = topics.anna.create_topic("Mine")
    (update,) = await topics.bot.get_updates()
    assert update.message is not None
    assert update.message.forum_topic_created is not None
    assert update.message.message_thread_id == thread_id


def forum(shop: Shop, *rights: str) -> Chat:
    chat = shop.world.add_group("Team", is_forum=True)
    groups.join(shop.world, chat, shop.anna.user, status="creator")
    groups.add_bot(shop.world, chat, shop.account, by=shop.anna.user, rights=rights)
    return chat


async def test_forum_topic_life(shop: Shop) -> None:
    chat = forum(shop, "can_manage_topics")
    topic = await shop.bot.create_forum_topic(chat.id, "Client", icon_color=0xFFD67E)
    assert topic.icon_color == 0xFFD67E
    assert topic.message_thread_id > 1
    await shop.bot.close_forum_topic(chat.id, topic.message_thread_id)
    assert chat.topics[topic.message_thread_id].is_closed
    with pytest.raises(TelegramBadRequest, match="TOPIC_NOT_MODIFIED"):
        await shop.bot.close_forum_topic(chat.id, topic.message_thread_id)
    await shop.bot.reopen_forum_topic(chat.id, topic.message_thread_id)
    with pytest.raises(TelegramBadRequest, match="not enough rights to delete the topic"):
        await shop.bot.delete_forum_topic(chat.id, topic.message_thread_id)
    with pytest.raises(TelegramBadRequest, match="invalid icon color specified"):
        await shop.bot.create_forum_topic(chat.id, "x", icon_color=1)
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await shop.bot.send_message(chat.id, "x", message_thread_id=1)


async def test_talk_in_a_forum_topic_looks_like_a_reply_to_its_beginning(shop: Shop) -> None:
    chat = forum(shop, "can_manage_topics")
    topic = await shop.bot.create_forum_topic(chat.id, "Client")
    thread_id = topic.message_thread_id
    hers = shop.world.actor(shop.anna.user, chat).in_topic(thread_id).text("hi")
    *_, update = await shop.bot.get_updates()
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.forum_topic_created is not None
    screen = shop.world.group_screen(shop.chat_id, chat.id)
    assert (hers.reply_to, screen["messages"][-1]["reply_to"]) == (thread_id, None)


async def test_rights_in_a_forum(shop: Shop) -> None:
    chat = forum(shop)
    with pytest.raises(TelegramBadRequest, match="not enough rights to create a topic"):
        await shop.bot.create_forum_topic(chat.id, "x")
    thread_id = shop.world.actor(shop.anna.user, chat).create_topic("Hers")
    with pytest.raises(TelegramBadRequest, match="not enough rights to edit the topic"):
        await shop.bot.edit_forum_topic(chat.id, thread_id, name="x")
    chat.topics[thread_id].is_closed = True
    with pytest.raises(TelegramBadRequest, match="TOPIC_CLOSED"):
        await shop.bot.send_message(chat.id, "x", message_thread_id=thread_id)


async def test_plain_group_is_no_forum(shop: Shop) -> None:
    chat = shop.world.add_group("Team")
    groups.add_bot(shop.world, chat, shop.account, by=shop.anna.user, rights=("can_manage_topics",))
    with pytest.raises(TelegramBadRequest, match="the chat is not a forum"):
        await shop.bot.create_forum_topic(chat.id, "x")

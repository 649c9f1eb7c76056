"""createForumTopic, editForumTopic, closeForumTopic, reopenForumTopic, deleteForumTopic."""

from __future__ import annotations

from sandbox.botapi import topics
from sandbox.botapi.access import Access, find_topic, has_right
from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import bad_request
from sandbox.botapi.state import Chat, Json, Topic

_MAX_NAME = 128


def _forum(context: Context, *, group_only: bool = False) -> Chat:
    chat = context.chat(Access.EDIT)
    if chat.is_private and (group_only or not context.bot.has_topics_enabled):
        raise bad_request(
            "the chat is not a supergroup forum" if group_only else "the chat is not a forum"
        )
    if not chat.is_private and not chat.is_forum:
        raise bad_request("the chat is not a forum")
    return chat


def _topic(context: Context, chat: Chat) -> Topic:
    topic = find_topic(chat, context.params["message_thread_id"])
    if topic is None:
        raise bad_request("message thread not found")
    return topic


def _require(context: Context, chat: Chat, topic: Topic, refusal: str) -> None:
    is_creator = topic.creator_id == context.bot.id
    if not is_creator and not has_right(chat, context.bot, "can_manage_topics"):
        raise bad_request(refusal)


@method("createForumTopic")
def create_forum_topic(context: Context) -> Json:
    chat = _forum(context)
    if not has_right(chat, context.bot, "can_manage_topics"):
        raise bad_request("not enough rights to create a topic")
    name = context.params["name"].strip()[:_MAX_NAME]
    if not name:
        raise bad_request("name must be non-empty")
    if context.get("icon_color", topics.COLOURS[0]) not in topics.COLOURS:
        raise bad_request("invalid icon color specified")
    topic = topics.create_topic(context.world, chat, context.bot.user, name, context.params)
    return topics.topic_json(topic)


@method("editForumTopic")
def edit_forum_topic(context: Context) -> bool:
    chat = _forum(context)
    topic = _topic(context, chat)
    _require(context, chat, topic, "not enough rights to edit the topic")
    keys = ("name", "icon_custom_emoji_id")
    changes: Json = {key: context.params[key] for key in keys if key in context.params}
    if "name" in changes:
        changes["name"] = changes["name"].strip()[:_MAX_NAME] or topic.name
    same_name = changes.get("name", topic.name) == topic.name
    same_icon = (changes.get("icon_custom_emoji_id", topic.icon_emoji) or None) == topic.icon_emoji
    if same_name and same_icon:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topics.edit_topic(context.world, chat, context.bot.user, topic, changes)
    return True


@method("closeForumTopic", "reopenForumTopic")
def toggle_forum_topic(context: Context) -> bool:
    chat = _forum(context, group_only=True)
    topic = _topic(context, chat)
    _require(context, chat, topic, "not enough rights to close or open the topic")
    closed = context.method == "closeForumTopic"
    if topic.is_closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topics.set_closed(context.world, chat, context.bot.user, topic, closed=closed)
    return True


@method("deleteForumTopic")
def delete_forum_topic(context: Context) -> bool:
    chat = _forum(context)
    topic = _topic(context, chat)
    if not has_right(chat, context.bot, "can_delete_messages"):
        raise bad_request("not enough rights to delete the topic")
    topics.delete_topic(context.world, chat, topic)
    return True

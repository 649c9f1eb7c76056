"""Topics of forums and of private chats: creating, changing, closing, removing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.botapi.posting import Post, post, remove
from sandbox.botapi.state import Chat, Json, Topic, User

if TYPE_CHECKING:
    from sandbox.botapi.world import World

COLOURS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


def topic_json(topic: Topic) -> Json:
    """A `ForumTopic`."""
    body: Json = {
        "message_thread_id": topic.id,
        "name": topic.name,
        "icon_color": topic.icon_color,
    }
    if topic.icon_emoji:
        body["icon_custom_emoji_id"] = topic.icon_emoji
    return body


def create_topic(
    world: World, chat: Chat, creator: User, name: str, looks: Json | None = None
) -> Topic:
    """Open a topic; its id is the id of the service message that tells of it."""
    looks = looks or {}
    colour = looks.get("icon_color", COLOURS[len(chat.topics) % len(COLOURS)])
    icon = looks.get("icon_custom_emoji_id")
    thread_id = chat.last_message_id + 1
    topic = Topic(
        id=thread_id, name=name, icon_color=colour, creator_id=creator.id, icon_emoji=icon
    )
    chat.topics[thread_id] = topic
    created: Json = {"name": name, "icon_color": colour}
    if icon:
        created["icon_custom_emoji_id"] = icon
    _tell(world, chat, creator, thread_id, {"forum_topic_created": created})
    return topic


def edit_topic(world: World, chat: Chat, editor: User, topic: Topic, changes: Json) -> None:
    """Apply `name` and/or `icon_custom_emoji_id` (an empty one removes the icon)."""
    topic.name = changes.get("name") or topic.name
    if "icon_custom_emoji_id" in changes:
        topic.icon_emoji = changes["icon_custom_emoji_id"] or None
    _tell(world, chat, editor, topic.id, {"forum_topic_edited": changes})


def set_closed(world: World, chat: Chat, by: User, topic: Topic, *, closed: bool) -> None:
    topic.is_closed = closed
    kind = "forum_topic_closed" if closed else "forum_topic_reopened"
    _tell(world, chat, by, topic.id, {kind: {}})


def delete_topic(world: World, chat: Chat, topic: Topic) -> None:
    """Remove a topic with all its messages."""
    for message in [each for each in chat.messages.values() if each.thread_id == topic.id]:
        remove(world, message)
    del chat.topics[topic.id]
    world.publish("topic_deleted", chat, thread_id=topic.id)


def _tell(world: World, chat: Chat, sender: User, thread_id: int, content: Json) -> None:
    post(world, chat, sender, Post(content=content, thread_id=thread_id))
    world.publish("topic_changed", chat, thread_id=thread_id)

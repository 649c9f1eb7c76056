"""Puts messages into chats, changes and removes them, and tells the bots and the watchers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.botapi.render import chat_json, member_json, message_json, user_json
from sandbox.botapi.state import Bot, Chat, Json, Member, Message, User

if TYPE_CHECKING:
    from sandbox.botapi.world import World

# Service messages a bot is told about even when it caused them itself.
_ECHOED = frozenset(
    {
        "pinned_message",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
    }
)
SERVICE = _ECHOED | {
    "new_chat_members",
    "left_chat_member",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "group_chat_created",
}


@dataclass(slots=True, kw_only=True)
class Post:
    """A message before it has a place: its content and what goes with it."""

    content: Json
    thread_id: int | None = None
    reply_to: int | None = None
    quote: Json | None = None
    markup: Json | None = None
    group_id: str | None = None
    origin: Json | None = None
    silent: bool = False
    protected: bool = False


def post(world: World, chat: Chat, sender: User, draft: Post) -> Message:
    """Add a message to a chat; the bots concerned get their update."""
    inline = draft.markup if draft.markup and "inline_keyboard" in draft.markup else None
    message = Message(
        chat=chat,
        id=chat.next_id(),
        sender=sender,
        date=int(world.clock.now()),
        content=draft.content,
        thread_id=draft.thread_id,
        reply_to=draft.reply_to,
        quote=draft.quote,
        markup=inline,
        group_id=draft.group_id,
        origin=draft.origin,
        silent=draft.silent,
        protected=draft.protected,
    )
    chat.messages[message.id] = message
    if draft.markup is not None and inline is None:
        chat.reply_keyboard = None if draft.markup.get("remove_keyboard") else draft.markup
    if sender.is_bot:
        chat.action = None
        chat.drafts.clear()
    announce(world, "message_added", message)
    tell_bots(world, "message", message)
    return message


def edit(world: World, message: Message, content: Json, markup: Json | None) -> None:
    """Give a message new content and inline keyboard."""
    message.content, message.markup = content, markup
    message.edit_date = int(world.clock.now())
    announce(world, "message_edited", message)
    tell_bots(world, "edited_message", message)


def remove(world: World, message: Message) -> None:
    """Delete a message for everyone; bots are not told, as in the real service."""
    chat = message.chat
    del chat.messages[message.id]
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    announce(world, "message_deleted", message)


def announce(world: World, kind: str, message: Message) -> None:
    """Publish a change about a message to the feed."""
    world.publish(kind, message.chat, message_id=message.id, thread_id=message.thread_id)


def tell_bots(world: World, kind: str, message: Message) -> None:
    for bot in _audience(world, message):
        body = message_json(world, message, bot.id)
        world.queues[bot.id].push(kind, body, f"chat:{message.chat.id}", world.config.update_ttl)


def _audience(world: World, message: Message) -> list[Bot]:
    echoed = bool(_ECHOED & message.content.keys())
    if message.chat.is_private:
        bots = [world.bots[message.chat.bot_id]]
    else:
        bots = [world.bots[each] for each in message.chat.members if each in world.bots]
        bots = [bot for bot in bots if message.sender.is_bot or _hears(world, bot, message)]
    if message.sender.is_bot:
        return [bot for bot in bots if echoed and bot.id == message.sender.id]
    return bots


def _hears(world: World, bot: Bot, message: Message) -> bool:
    """Whether a bot in a group gets this message: privacy mode hides ordinary talk from it."""
    chat = message.chat
    status = chat.members[bot.id].status
    if status in ("left", "kicked"):
        return False
    if status == "administrator" or bot.can_read_all_group_messages:
        return True
    if SERVICE & message.content.keys() or message.text.startswith("/"):
        return True
    target = chat.messages.get(message.reply_to or 0)
    return (target is not None and target.sender.id == bot.id) or (
        f"@{bot.user.username}".lower() in message.text.lower()
    )


@dataclass(slots=True, kw_only=True)
class MembershipChange:
    """Who changed a bot's status in a chat, from what to what."""

    by: User
    bot: Bot
    old: str
    new: str


def change_own_membership(world: World, chat: Chat, change: MembershipChange) -> None:
    """Send `my_chat_member`: the bot was blocked, unblocked, added, promoted or removed."""
    bot, old, new = change.bot, change.old, change.new
    rights = chat.members[bot.id].rights if bot.id in chat.members else {}
    body = {
        "chat": chat_json(chat),
        "from": user_json(change.by),
        "date": int(world.clock.now()),
        "old_chat_member": member_json(Member(user=bot.user, status=old, rights=rights)),
        "new_chat_member": member_json(Member(user=bot.user, status=new, rights=rights)),
    }
    world.queues[bot.id].push("my_chat_member", body, f"member:{chat.id}", world.config.update_ttl)
    world.publish("membership", chat, status=new)

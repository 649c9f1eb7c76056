"""Which chat a bot means and what it may do there; refusals in the official words."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from sandbox.botapi.errors import bad_request, forbidden
from sandbox.botapi.state import Bot, Chat, Message, Topic

if TYPE_CHECKING:
    from sandbox.botapi.world import World


class Access(IntEnum):
    """What is wanted of a chat, from the least to the most."""

    READ = 0
    EDIT = 1
    SEND = 2


def find_chat(world: World, bot: Bot, chat_id: int | str, access: Access) -> Chat:
    """The chat, or ApiError 400/403 as the real server puts it."""
    if isinstance(chat_id, str):
        return _by_name(world, bot, chat_id, access)
    if chat_id > 0:
        return _private(world, bot, chat_id, access)
    chat = world.groups.get(chat_id)
    if chat is None or bot.id not in chat.members:
        raise bad_request("chat not found")
    return _group(chat, bot, access)


def _by_name(world: World, bot: Bot, name: str, access: Access) -> Chat:
    for chat in world.groups.values():
        if chat.username and name.lower() == f"@{chat.username}".lower():
            return _group(chat, bot, access)
    raise bad_request("chat not found")


def _private(world: World, bot: Bot, user_id: int, access: Access) -> Chat:
    if user_id in world.bots and access == Access.SEND:
        raise forbidden("bot can't send messages to bots")
    user = world.users.get(user_id)
    if user is None:
        raise bad_request("chat not found")
    if user.is_deactivated and access > Access.READ:
        raise forbidden("user is deactivated")
    chat = world.private(bot, user)
    if not chat.started:
        if access == Access.SEND:
            raise forbidden("bot can't initiate conversation with a user")
        raise bad_request("chat not found")
    if chat.blocked and access == Access.SEND:
        raise forbidden("bot was blocked by the user")
    return chat


def _group(chat: Chat, bot: Bot, access: Access) -> Chat:
    if chat.migrated_to is not None and access > Access.READ:
        raise bad_request(
            "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
        )
    kind = "group" if chat.type == "group" else "supergroup"
    status = chat.members[bot.id].status if bot.id in chat.members else "left"
    needed = Access.EDIT if kind == "group" else Access.READ
    if status == "kicked" and access >= needed:
        raise forbidden(f"bot was kicked from the {kind} chat")
    if status == "left" and access >= needed:
        raise forbidden(f"bot is not a member of the {kind} chat")
    return chat


def has_right(chat: Chat, bot: Bot, right: str) -> bool:
    """Private chats need no rights; elsewhere the bot must be an administrator with the right."""
    if chat.is_private:
        return True
    member = chat.members[bot.id]
    return member.status == "administrator" and member.rights.get(right, False)


def find_topic(chat: Chat, thread_id: int | None) -> Topic | None:
    """The topic a message goes to; None for none; ApiError 400 for an unknown one."""
    if not thread_id:
        return None
    if not chat.is_private and not chat.is_forum:
        return None
    if thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return chat.topics[thread_id]


def find_message(chat: Chat, message_id: int, role: str) -> Message:
    """A message of the chat; ApiError "`role` not found" (role: "message to edit" and so on)."""
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(f"{role} not found")
    return message

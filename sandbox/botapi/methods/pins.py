"""pinChatMessage, unpinChatMessage, unpinAllChatMessages."""

from __future__ import annotations

from sandbox.botapi.access import Access, find_message, has_right
from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import bad_request
from sandbox.botapi.posting import SERVICE, Post, post
from sandbox.botapi.state import Chat


def _chat(context: Context) -> Chat:
    chat = context.chat(Access.EDIT)
    if not has_right(chat, context.bot, "can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


def _changed(context: Context, chat: Chat) -> bool:
    context.world.publish("pinned", chat, message_ids=list(chat.pinned))
    return True


@method("pinChatMessage")
def pin_chat_message(context: Context) -> bool:
    chat = _chat(context)
    message = find_message(chat, context.params["message_id"], "message to pin")
    if SERVICE & message.content.keys():
        raise bad_request("message can't be pinned")
    if message.id in chat.pinned:
        return True
    chat.pinned.append(message.id)
    silent = bool(context.get("disable_notification"))
    notice = Post(
        content={"pinned_message": message.id}, thread_id=message.thread_id, silent=silent
    )
    post(context.world, chat, context.bot.user, notice)
    return _changed(context, chat)


@method("unpinChatMessage")
def unpin_chat_message(context: Context) -> bool:
    """The named message, else the newest pinned one."""
    chat = _chat(context)
    message_id = context.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if message_id is None or message_id not in chat.messages:
        raise bad_request("message to unpin not found")
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
    return _changed(context, chat)


@method("unpinAllChatMessages")
def unpin_all_chat_messages(context: Context) -> bool:
    chat = _chat(context)
    chat.pinned.clear()
    return _changed(context, chat)

"""deleteMessage and deleteMessages."""

from __future__ import annotations

from sandbox.botapi.access import Access, find_message, has_right
from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import bad_request
from sandbox.botapi.posting import remove
from sandbox.botapi.state import Message


def _may_delete(context: Context, message: Message) -> bool:
    if has_right(message.chat, context.bot, "can_delete_messages") and not message.chat.is_private:
        return True
    is_young = context.world.clock.now() - message.date < context.world.config.delete_window
    is_own = message.sender.id == context.bot.id
    return is_young and (is_own or message.chat.is_private)


@method("deleteMessage")
def delete_message(context: Context) -> bool:
    chat = context.chat(Access.EDIT)
    message = find_message(chat, context.params["message_id"], "message to delete")
    if not _may_delete(context, message):
        raise bad_request("message can't be deleted for everyone")
    remove(context.world, message)
    return True


@method("deleteMessages")
def delete_messages(context: Context) -> bool:
    """1-100 ids; those that are not there are skipped."""
    chat = context.chat(Access.EDIT)
    ids = context.params["message_ids"]
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > 100:
        raise bad_request("too many message identifiers specified")
    found = [chat.messages[each] for each in dict.fromkeys(ids) if each in chat.messages]
    if not all(_may_delete(context, each) for each in found):
        raise bad_request("message can't be deleted for everyone")
    for message in found:
        remove(context.world, message)
    return True

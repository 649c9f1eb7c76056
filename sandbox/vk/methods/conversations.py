"""With whom a community speaks: getConversations, isMessagesFromGroupAllowed; users.get."""

from __future__ import annotations

from sandbox.vk.state import Json
from sandbox.vk.strict import BOOL, IDS, INT, NEED_INT, STR, Context, Param, method
from sandbox.vk.talk import Conversation


@method(
    "messages.getConversations",
    offset=INT,
    count=INT,
    filter=Param("str", among=("all", "unread", "unanswered", "important")),
    extended=BOOL,
    start_message_id=INT,
    fields=STR,
    group_id=INT,
)
def get_conversations(context: Context) -> Json:
    """Those spoken in last come first."""
    found = [one for one in context.group.conversations.values() if one.messages]
    if context.get("filter") == "unread":
        found = [one for one in found if one.unread()]
    found.sort(key=lambda one: one.messages[-1].id, reverse=True)
    offset = context.get("offset", 0)
    page = found[offset : offset + context.get("count", 20)]
    items = [{"conversation": _shown(one), "last_message": one.messages[-1].json()} for one in page]
    return {"count": len(found), "items": items}


def _shown(conversation: Conversation) -> Json:
    last = conversation.messages[-1]
    shown: Json = {
        "peer": {
            "id": conversation.user.id,
            "type": "user",
            "local_id": conversation.user.id,
        },
        "last_message_id": last.id,
        "last_conversation_message_id": last.cmid,
        "in_read": conversation.last(out=False, read=True),
        "out_read": conversation.last(out=True, read=True),
        "version": last.id,
    }
    unread = len(conversation.unread())
    return shown | ({"unread_count": unread} if unread else {})


@method("messages.isMessagesFromGroupAllowed", group_id=NEED_INT, user_id=NEED_INT)
def is_allowed(context: Context) -> Json:
    found = context.world.conversation(context.group, context.get("user_id"))
    return {"is_allowed": int(bool(found and found.allowed))}


@method("users.get", user_ids=IDS, fields=STR, name_case=STR)
def get_users(context: Context) -> list[Json]:
    fields = set(context.get("fields", "").split(","))
    users = context.world.users
    return [users[one].profile(fields) for one in context.get("user_ids", []) if one in users]

"""messages.getById, getHistory, getConversations, isMessagesFromGroupAllowed; users.get."""

from __future__ import annotations

from sandbox.vk.errors import VkError, invalid
from sandbox.vk.state import Conversation, Json
from sandbox.vk.strict import BOOL, IDS, INT, NEED_INT, STR, Context, Param, method


@method(
    "messages.getById",
    message_ids=IDS,
    cmids=IDS,
    peer_id=INT,
    group_id=INT,
    preview_length=INT,
    extended=BOOL,
    fields=STR,
)
def get_by_id(context: Context) -> Json:
    if "cmids" in context.params:
        found = _conversation(context)
        items = [one for one in found.messages if one.cmid in context.get("cmids")]
    else:
        wanted = context.get("message_ids") or []
        everybody = context.group.conversations.values()
        items = [one for each in everybody for one in each.messages if one.id in wanted]
    return {"count": len(items), "items": [one.json() for one in items]}


@method(
    "messages.getHistory",
    peer_id=INT,
    user_id=INT,
    offset=INT,
    count=INT,
    start_message_id=INT,
    rev=Param("str", among=("0", "1")),
    extended=BOOL,
    fields=STR,
    group_id=INT,
)
def get_history(context: Context) -> Json:
    """Newest first."""
    count, offset = context.get("count", 20), context.get("offset", 0)
    if not 0 <= count <= 200:
        raise invalid("count should be less or equal to 200")
    messages = _conversation(context).messages[::-1]
    page = messages[offset : offset + count]
    return {"count": len(messages), "items": [one.json() for one in page]}


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


def _conversation(context: Context) -> Conversation:
    found = context.world.conversation(context.group, context.get("peer_id", 0))
    if found is None:
        raise VkError(936, "Contact not found")
    return found

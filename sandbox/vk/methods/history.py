"""Messages that were written: messages.getById, messages.getHistory."""

from __future__ import annotations

from sandbox.vk.errors import VkError, invalid
from sandbox.vk.state import Json
from sandbox.vk.strict import BOOL, IDS, INT, STR, Context, method
from sandbox.vk.talk import Conversation


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
    rev=INT,
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


def _conversation(context: Context) -> Conversation:
    found = context.world.conversation(context.group, context.get("peer_id", 0))
    if found is None:
        raise VkError(936, "Contact not found")
    return found

"""messages.send, edit, markAsRead, setActivity, sendMessageEventAnswer."""

from __future__ import annotations

import json
from typing import Any

from sandbox.vk import keyboards
from sandbox.vk.errors import VkError, invalid
from sandbox.vk.state import Json
from sandbox.vk.strict import (
    BOOL,
    FLOAT,
    IDS,
    INT,
    JSON,
    NEED_INT,
    NEED_STR,
    STR,
    Context,
    Param,
    method,
)
from sandbox.vk.talk import Conversation, Message

TYPING_SECONDS = 10.0
CONTENT = {
    "message": Param("str", longest=9000),
    "attachment": STR,
    "keyboard": JSON,
    "lat": FLOAT,
    "long": FLOAT,
    "dont_parse_links": BOOL,
    "disable_mentions": BOOL,
}


@method(
    "messages.send",
    peer_id=INT,
    peer_ids=IDS,
    random_id=NEED_INT,
    payload=Param("json", longest=1000),
    forward=JSON,
    reply_to=INT,
    group_id=INT,
    **CONTENT,
)
def send(context: Context) -> Any:
    """An id for `peer_id`; for `peer_ids` a list with ids of both kinds, or errors, one a peer."""
    several = context.get("peer_ids")
    if several is None and context.get("peer_id") is None:
        raise invalid("peer_id is undefined")
    if several is None:
        return _send(context, context.get("peer_id")).id
    if len(several) > 100:
        raise invalid("peer_ids: more than 100")
    return [_entry(context, peer) for peer in several]


def _entry(context: Context, peer: int) -> Json:
    try:
        message = _send(context, peer)
    except VkError as error:
        if error.code < 900:
            raise
        problem = {"code": error.code, "description": str(error)}
        return {"peer_id": peer, "message_id": 0, "conversation_message_id": 0, "error": problem}
    return {
        "peer_id": peer,
        "message_id": message.id,
        "conversation_message_id": message.cmid,
    }


def _send(context: Context, peer: int) -> Message:
    world, group = context.world, context.group
    conversation = _writable(context, peer)
    random_id = context.get("random_id")
    if random_id and random_id in conversation.sent:
        return conversation.sent[random_id]
    fields = _content(context)
    extra = fields.pop("extra")
    if "payload" in context.params:
        extra["payload"] = json.dumps(context.get("payload"), ensure_ascii=False)
    if "forward" in context.params:
        extra["reply_message"] = _replied(conversation, context.get("forward"))
    message = world.put(
        group, peer, from_id=-group.id, out=True, random_id=random_id, extra=extra, **fields
    )
    conversation.sent[random_id] = message
    conversation.typing_until = 0.0
    world.events[group.id].push("message_reply", message.json())
    return message


def _writable(context: Context, peer: int) -> Conversation:
    conversation = context.world.conversation(context.group, peer)
    if conversation is None:
        raise VkError(901)
    if conversation.blocked:
        raise VkError(900)
    if conversation.private:
        raise VkError(902)
    if not conversation.allowed:
        raise VkError(901)
    return conversation


def _content(context: Context) -> Json:
    text = context.get("message", "")
    config = context.world.config
    if len(text) > config.text_limit:
        raise VkError(914)
    attachments = [_attachment(context, one) for one in _names(context.get("attachment", ""))]
    if len(attachments) > config.attachments:
        raise invalid("attachment: too many")
    keyboard = None
    if "keyboard" in context.params:
        keyboard = keyboards.checked(context.get("keyboard"), config)
        if not context.group.bot_abilities:
            raise VkError(912, "This is a chat bot feature, change this status in settings")
    extra: Json = {}
    if ("lat" in context.params) is not ("long" in context.params):
        raise invalid("lat and long go together")
    if "lat" in context.params:
        point = {"latitude": context.get("lat"), "longitude": context.get("long")}
        extra["geo"] = {"type": "point", "coordinates": point}
    if not (text.strip() or attachments or extra):
        raise invalid("message is empty or invalid")
    return {"text": text, "attachments": attachments, "keyboard": keyboard, "extra": extra}


def _names(attachment: str) -> list[str]:
    return [one for one in attachment.split(",") if one]


def _attachment(context: Context, name: str) -> Json:
    """`doc-1_2_key` → the saved object; VkError 100 for what nobody has uploaded."""
    number = name.split("_")[1] if "_" in name else ""
    file = context.world.files.get(int(number)) if number.isdecimal() else None
    saved = file.saved if file else None
    if saved is None or not name.startswith(("photo", "doc")):
        raise invalid(f"attachment: no such {name}")
    body: Json = saved["body"]
    head = "photo" if saved["type"] == "photo" else "doc"
    if name != f"{head}{body['owner_id']}_{body['id']}_{body['access_key']}":
        raise invalid(f"attachment: wrong owner or key in {name}")
    return {"type": saved["type"], saved["type"]: body}


def _replied(conversation: Conversation, forward: Any) -> Json:
    known = {"peer_id", "conversation_message_ids", "message_ids", "is_reply", "owner_id"}
    if not isinstance(forward, dict) or forward.keys() - known or not forward.get("is_reply"):
        raise invalid("forward: only replies are emulated")
    if forward.get("peer_id") != conversation.user.id:
        raise invalid("forward: a reply stays in its conversation")
    numbers = forward.get("conversation_message_ids") or [0]
    found = conversation.find(numbers[0])
    if found is None or len(numbers) != 1:
        raise invalid("forward: no such message")
    return found.quoted()


@method(
    "messages.edit",
    peer_id=NEED_INT,
    cmid=INT,
    message_id=INT,
    keep_forward_messages=BOOL,
    keep_snippets=BOOL,
    group_id=INT,
    **CONTENT,
)
def edit(context: Context) -> int:
    """1. What is not named again (attachments, keyboard) is taken away."""
    conversation = _writable(context, context.get("peer_id"))
    message = conversation.find(context.get("cmid", 0))
    if message is None or not message.out:
        raise invalid("cmid: no such message")
    fields = _content(context)
    message.text, message.attachments = fields["text"], fields["attachments"]
    message.keyboard = fields["keyboard"]
    message.update_time = int(context.world.clock.now())
    context.world.events[context.group.id].push("message_edit", message.json())
    return 1


@method(
    "messages.markAsRead",
    peer_id=NEED_INT,
    start_message_id=INT,
    mark_conversation_as_read=BOOL,
    group_id=INT,
)
def mark_as_read(context: Context) -> int:
    conversation = context.world.conversation(context.group, context.get("peer_id"))
    if conversation is None:
        raise VkError(936, "Contact not found")
    for message in conversation.unread():
        message.read = True
    return 1


@method(
    "messages.setActivity",
    peer_id=INT,
    user_id=INT,
    group_id=INT,
    type=Param("str", among=("typing", "audiomessage", "photo", "video", "file")),
)
def set_activity(context: Context) -> int:
    conversation = _writable(context, context.get("peer_id"))
    conversation.typing_until = context.world.clock.now() + TYPING_SECONDS
    return 1


@method(
    "messages.sendMessageEventAnswer",
    event_id=NEED_STR,
    user_id=NEED_INT,
    peer_id=NEED_INT,
    event_data=Param("json", longest=1000),
)
def event_answer(context: Context) -> int:
    return 1

"""sendMessage, sendMessageDraft, sendChatAction."""

from __future__ import annotations

from sandbox.botapi.access import Access, find_topic
from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import bad_request
from sandbox.botapi.methods.common import send, target, text_content
from sandbox.botapi.state import Json

_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
_ACTION_SECONDS = 5
_DRAFT_SECONDS = 30


@method("sendMessage")
def send_message(context: Context) -> Json:
    chat = target(context)
    return context.show(send(context, chat, text_content(context)))


@method("sendMessageDraft")
def send_message_draft(context: Context) -> bool:
    """A partial text that is shown for half a minute and never becomes a message by itself."""
    chat = context.chat(Access.SEND)
    if not chat.is_private:
        raise bad_request("method is available only for private chats")
    if not context.get("draft_id"):
        raise bad_request("DRAFT_ID_INVALID")
    find_topic(chat, context.get("message_thread_id"))
    content = text_content(context, allow_empty=True)
    until = context.world.clock.now() + _DRAFT_SECONDS
    draft = content | {"until": until, "thread_id": context.get("message_thread_id")}
    chat.drafts[context.params["draft_id"]] = draft
    context.world.publish("draft", chat, draft_id=context.params["draft_id"], text=content["text"])
    return True


@method("sendChatAction")
def send_chat_action(context: Context) -> bool:
    chat = context.chat(Access.SEND)
    find_topic(chat, context.get("message_thread_id"))
    action = context.params["action"]
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.action = {
        "action": action,
        "thread_id": context.get("message_thread_id"),
        "until": context.world.clock.now() + _ACTION_SECONDS,
    }
    context.world.publish("chat_action", chat, action=action)
    return True

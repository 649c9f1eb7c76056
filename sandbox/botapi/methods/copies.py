"""copyMessage and forwardMessage."""

from __future__ import annotations

from sandbox.botapi.access import Access, find_message, find_topic
from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import bad_request
from sandbox.botapi.methods.common import caption_content, send, target
from sandbox.botapi.posting import SERVICE, Post, post
from sandbox.botapi.render import user_json
from sandbox.botapi.state import Json, Message


def _source(context: Context, verb: str) -> Message:
    chat = context.chat(Access.READ, "from_chat_id")
    message = find_message(chat, context.params["message_id"], f"message to {verb}")
    if SERVICE & message.content.keys() or message.protected:
        past = {"copy": "copied", "forward": "forwarded"}[verb]
        raise bad_request(f"message can't be {past}")
    return message


@method("copyMessage")
def copy_message(context: Context) -> Json:
    """A new message with the same content, without a link to the original or its buttons."""
    chat = target(context)
    content = dict(_source(context, "copy").content)
    if "caption" in context.params and "text" not in content:
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content |= caption_content(context, context.params)
    return {"message_id": send(context, chat, content).id}


@method("forwardMessage")
def forward_message(context: Context) -> Json:
    chat = target(context)
    message = _source(context, "forward")
    topic = find_topic(chat, context.get("message_thread_id"))
    origin = message.origin or {
        "type": "user",
        "date": message.date,
        "sender_user": user_json(message.sender),
    }
    draft = Post(
        content=dict(message.content),
        thread_id=topic.id if topic else None,
        origin=origin,
        silent=bool(context.get("disable_notification")),
        protected=bool(context.get("protect_content")),
    )
    return context.show(post(context.world, chat, context.bot.user, draft))

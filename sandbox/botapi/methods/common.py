"""What all sending methods share: target, topic, reply, markup, formatted captions."""

from __future__ import annotations

from sandbox.botapi.access import Access, find_chat, find_topic, has_right
from sandbox.botapi.context import Context
from sandbox.botapi.entities import Formatted, format_text, utf16_length
from sandbox.botapi.errors import bad_request, not_emulated
from sandbox.botapi.markup import check_markup
from sandbox.botapi.posting import Post, post
from sandbox.botapi.render import user_json
from sandbox.botapi.state import Chat, Json, Message


def formatted(context: Context, source: Json, name: str) -> Formatted:
    """A text parameter with its `parse_mode` and entities, mentions of strangers dropped."""
    key = "entities" if name == "text" else "caption_entities"
    result = format_text(source.get(name, ""), source.get("parse_mode"), source.get(key))
    users = context.world.users
    result.entities = [
        each | {"user": user_json(users[each["user"]["id"]])} if "user" in each else each
        for each in result.entities
        if "user" not in each or each["user"]["id"] in users
    ]
    return result


def text_content(context: Context, *, allow_empty: bool = False) -> Json:
    """Content of a text message; ApiError 400 when it is empty or too long."""
    if not context.get("text") and not allow_empty:
        raise bad_request("message text is empty")
    text = formatted(context, context.params, "text")
    if not text.text and not allow_empty:
        raise bad_request("text must be non-empty")
    if utf16_length(text.text) > context.world.config.max_text:
        raise bad_request("message is too long")
    content: Json = {"text": text.text}
    if text.entities:
        content["entities"] = text.entities
    if options := context.get("link_preview_options"):
        content["link_preview_options"] = options
    return content


def caption_content(context: Context, source: Json) -> Json:
    """Caption part of a media message, empty when there is none."""
    caption = formatted(context, source, "caption")
    if utf16_length(caption.text) > context.world.config.max_caption:
        raise bad_request("message caption is too long")
    content: Json = {"caption": caption.text} if caption.text else {}
    if caption.entities:
        content["caption_entities"] = caption.entities
    if source.get("show_caption_above_media") and content:
        content["show_caption_above_media"] = True
    if source.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return content


def target(context: Context) -> Chat:
    """The chat to send to, with its topic checked."""
    chat = context.chat(Access.SEND)
    topic = find_topic(chat, context.get("message_thread_id"))
    if topic and topic.is_closed and not has_right(chat, context.bot, "can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return chat


def send(context: Context, chat: Chat, content: Json, *, group_id: str | None = None) -> Message:
    """Post checked content to a checked chat with the options of the call."""
    reply_to, quote = _reply(context, chat)
    draft = Post(
        content=content,
        thread_id=_thread(context, chat, reply_to),
        reply_to=reply_to,
        quote=quote,
        markup=check_markup(context.get("reply_markup"), chat),
        group_id=group_id,
        silent=bool(context.get("disable_notification")),
        protected=bool(context.get("protect_content")),
    )
    return post(context.world, chat, context.bot.user, draft)


def _thread(context: Context, chat: Chat, reply_to: int | None) -> int | None:
    """The topic asked for, else that of the message replied to."""
    topic = find_topic(chat, context.get("message_thread_id"))
    if topic is not None:
        return topic.id
    replied = chat.messages.get(reply_to or 0)
    return replied.thread_id if replied else None


def _reply(context: Context, chat: Chat) -> tuple[int | None, Json | None]:
    given: Json = context.get("reply_parameters") or {}
    message_id = given.get("message_id", context.get("reply_to_message_id"))
    if not message_id:
        return None, None
    if "chat_id" in given:
        other = find_chat(context.world, context.bot, given["chat_id"], Access.READ)
        if other is not chat:
            raise not_emulated("reply_parameters.chat_id of another chat")
    if message_id not in chat.messages:
        lenient = given.get("allow_sending_without_reply")
        if lenient or context.get("allow_sending_without_reply"):
            return None, None
        raise bad_request("message to be replied not found")
    return message_id, _quote(chat.messages[message_id], given)


def _quote(message: Message, given: Json) -> Json | None:
    text = given.get("quote")
    if not text:
        return None
    if given.get("quote_parse_mode") or given.get("quote_entities"):
        raise not_emulated("formatted quotes")
    at = message.text.find(text)
    if at < 0:
        raise bad_request("QUOTE_TEXT_INVALID")
    return {"text": text, "position": utf16_length(message.text[:at]), "is_manual": True}

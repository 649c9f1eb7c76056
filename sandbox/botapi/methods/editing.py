"""editMessageText, editMessageCaption, editMessageReplyMarkup, editMessageMedia."""

from __future__ import annotations

from sandbox.botapi.access import Access, find_message
from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import bad_request
from sandbox.botapi.markup import check_markup
from sandbox.botapi.media import MEDIA_KINDS, media_kind
from sandbox.botapi.methods.common import caption_content, text_content
from sandbox.botapi.methods.media import file_content
from sandbox.botapi.posting import SERVICE, edit
from sandbox.botapi.state import Json, Message

_CAPTION = ("caption", "caption_entities", "show_caption_above_media", "has_media_spoiler")
_CAPTIONED = frozenset({"photo", "video", "animation", "audio", "document", "voice"})
_EDITABLE = frozenset({"photo", "video", "animation", "audio", "document"})


def _own_message(context: Context) -> Message:
    if "chat_id" not in context.params:
        raise bad_request("chat_id is empty")
    if "message_id" not in context.params:
        raise bad_request("message identifier is not specified")
    chat = context.chat(Access.EDIT)
    message = find_message(chat, context.params["message_id"], "message to edit")
    is_own = message.sender.id == context.bot.id
    if not is_own or SERVICE & message.content.keys() or message.origin is not None:
        raise bad_request("message can't be edited")
    return message


def _change(context: Context, message: Message, content: Json) -> Json:
    markup = check_markup(context.get("reply_markup"), message.chat, inline_only=True)
    if content == message.content and markup == message.markup:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    edit(context.world, message, content, markup)
    return context.show(message)


@method("editMessageText")
def edit_text(context: Context) -> Json:
    message = _own_message(context)
    content = text_content(context)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _change(context, message, content)


@method("editMessageCaption")
def edit_caption(context: Context) -> Json:
    message = _own_message(context)
    if media_kind(message.content) not in _CAPTIONED:
        raise bad_request("there is no caption in the message to edit")
    kept = {key: each for key, each in message.content.items() if key not in _CAPTION}
    if message.content.get("has_media_spoiler"):
        kept["has_media_spoiler"] = True
    return _change(context, message, kept | caption_content(context, context.params))


@method("editMessageReplyMarkup")
def edit_markup(context: Context) -> Json:
    message = _own_message(context)
    return _change(context, message, message.content)


@method("editMessageMedia")
def edit_media(context: Context) -> Json:
    message = _own_message(context)
    old = media_kind(message.content)
    if old not in _EDITABLE and "text" not in message.content:
        raise bad_request("message can't be edited")
    new = context.params["media"]["type"]
    if message.group_id and new != old and not {new, old} <= {"photo", "video"}:
        raise bad_request("message content type can't be changed in an album")
    if new not in MEDIA_KINDS:
        raise bad_request(f'can\'t parse InputMedia: type "{new}" is unsupported')
    return _change(context, message, file_content(context, new, context.params["media"]))

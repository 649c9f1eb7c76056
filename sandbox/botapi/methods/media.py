"""sendPhoto, sendDocument, sendVoice and the other methods that send one file."""

from __future__ import annotations

from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import not_emulated
from sandbox.botapi.media import media_content
from sandbox.botapi.methods.common import caption_content, send, target
from sandbox.botapi.methods.uploading import input_file
from sandbox.botapi.state import Json

_KINDS = {
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendVoice": "voice",
    "sendVideo": "video",
    "sendVideoNote": "video_note",
    "sendAudio": "audio",
    "sendAnimation": "animation",
    "sendSticker": "sticker",
}
_META = ("duration", "width", "height", "length", "performer", "title", "emoji")


@method(*_KINDS)
def send_media(context: Context) -> Json:
    chat = target(context)
    kind = _KINDS[context.method]
    return context.show(send(context, chat, file_content(context, kind, context.params)))


def file_content(context: Context, kind: str, source: Json) -> Json:
    """Content of a media message from a call's parameters or from an `InputMedia` object."""
    if source.get("thumbnail"):
        raise not_emulated(f"{context.method}.thumbnail")
    meta = {key: source.get(key) for key in _META}
    file = input_file(context, kind, source["media" if "media" in source else kind], meta)
    return media_content(context.world.files, file) | caption_content(context, source)

"""Sends what a person picked: photos (several make an album), files, the voice sample."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sandbox.botapi.actor import Actor
from sandbox.botapi.images import image_size
from sandbox.botapi.media import media_content
from sandbox.botapi.posting import Post
from sandbox.botapi.state import File, Message
from sandbox.stage.errors import StageError
from sandbox.stage.request import Upload

MEDIA_ACTS = ("photos", "files", "voice")
_MAX_ALBUM = 10
_MAX_PHOTO_SIDES = 10_000
_VOICE = Path(__file__).with_name("web") / "voice.ogg"
_VOICE_SECONDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Files before they are sent; the caption goes to the first."""

    kind: str
    uploads: list[Upload]
    caption: str = ""
    reply_to: int | None = None


def send_media(actor: Actor, draft: Draft) -> list[Message]:
    """Send all files of the draft; StageError when there are none or too many."""
    if draft.kind == "voice":
        return [_send(actor, draft, _voice(actor), draft.caption, None)]
    if not draft.uploads:
        raise StageError("empty")
    if len(draft.uploads) > _MAX_ALBUM:
        raise StageError("too_many")
    files = [_file(actor, draft, each) for each in draft.uploads]
    is_album = len(files) > 1 and len({each.kind for each in files}) == 1
    group_id = actor.world.next_number() if is_album else None
    captions = [draft.caption] + [""] * (len(files) - 1)
    return [
        _send(actor, draft, file, caption, group_id)
        for file, caption in zip(files, captions, strict=True)
    ]


@cache
def voice_sample() -> bytes:
    return _VOICE.read_bytes()


def _voice(actor: Actor) -> File:
    meta = {"duration": _VOICE_SECONDS}
    return actor.world.files.add("voice", voice_sample(), mime="audio/ogg", meta=meta)


def _file(actor: Actor, draft: Draft, upload: Upload) -> File:
    size = image_size(upload.data) if draft.kind == "photos" else None
    if size and sum(size) <= _MAX_PHOTO_SIDES:
        meta = {"width": size[0], "height": size[1]}
        return actor.world.files.add("photo", upload.data, mime=upload.mime, meta=meta)
    return actor.world.files.add("document", upload.data, name=upload.name, mime=upload.mime)


def _send(actor: Actor, draft: Draft, file: File, caption: str, group_id: str | None) -> Message:
    content = media_content(actor.world.files, file)
    if caption:
        content["caption"] = caption
    return actor.put(Post(content=content, group_id=group_id, reply_to=draft.reply_to))

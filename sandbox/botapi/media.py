"""Turns stored files into the Bot API's media objects (without file_id, which is per bot)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.botapi.files import FileStore
from sandbox.botapi.images import plain_png
from sandbox.botapi.state import File, Json

_THUMB_SIDES = (90, 320)


def _base(file: File) -> Json:
    return {"file_unique_id": file.unique_id, "file_size": file.size}


def _named(file: File) -> Json:
    named = {"file_name": file.name, "mime_type": file.mime}
    return _base(file) | {key: value for key, value in named.items() if value}


def _sized(file: File, width: int, height: int) -> Json:
    return {
        "width": file.meta.get("width", width),
        "height": file.meta.get("height", height),
        "duration": file.meta.get("duration", 1),
    }


def _voice(file: File) -> Json:
    duration = file.meta.get("duration", 1)
    return _base(file) | {"duration": duration, "mime_type": file.mime or "audio/ogg"}


def _video_note(file: File) -> Json:
    length, duration = file.meta.get("length", 240), file.meta.get("duration", 1)
    return _base(file) | {"length": length, "duration": duration}


def _audio(file: File) -> Json:
    extra = {key: file.meta[key] for key in ("performer", "title") if file.meta.get(key)}
    return _named(file) | {"duration": file.meta.get("duration", 1)} | extra


def _sticker(file: File) -> Json:
    emoji = {"emoji": file.meta["emoji"]} if file.meta.get("emoji") else {}
    return (
        _base(file)
        | emoji
        | {
            "type": "regular",
            "width": file.meta.get("width", 512),
            "height": file.meta.get("height", 512),
            "is_animated": False,
            "is_video": False,
        }
    )


def _video(file: File) -> Json:
    return _named(file) | _sized(file, 640, 360)


_BUILDERS: dict[str, Callable[[File], Json]] = {
    "document": _named,
    "voice": _voice,
    "video_note": _video_note,
    "video": _video,
    "animation": _video,
    "audio": _audio,
    "sticker": _sticker,
}


def photo_sizes(store: FileStore, file: File) -> list[Json]:
    """PhotoSize objects, smallest first, the original last."""
    width, height = file.meta["width"], file.meta["height"]
    sizes = file.meta.setdefault("thumbs", [])
    if not sizes:
        for side in _THUMB_SIDES:
            scale = side / max(width, height)
            if scale < 1:
                small = max(1, round(width * scale)), max(1, round(height * scale))
                meta = {"width": small[0], "height": small[1]}
                thumb = store.add("photo", plain_png(*small), meta=meta)
                sizes.append(thumb.unique_id)
    files = [store.get(unique_id) for unique_id in sizes] + [file]
    return [
        _base(each) | {"width": each.meta["width"], "height": each.meta["height"]} for each in files
    ]


def media_content(store: FileStore, file: File) -> Json:
    """Message content for one file: its object under its kind (plus `document` of an animation)."""
    if file.kind == "photo":
        return {"photo": photo_sizes(store, file)}
    content: Json = {file.kind: _BUILDERS[file.kind](file)}
    if file.kind == "animation":
        content["document"] = _named(file)
    return content


MEDIA_KINDS = ("photo", *_BUILDERS)


def media_kind(content: Json) -> str | None:
    """Which kind of media a message holds, if any."""
    if "animation" in content:
        return "animation"
    return next((kind for kind in MEDIA_KINDS if kind in content), None)


def media_object(content: Json) -> Any:
    """The main media object of a message (the largest photo), or None."""
    kind = media_kind(content)
    if kind is None:
        return None
    return content[kind][-1] if kind == "photo" else content[kind]

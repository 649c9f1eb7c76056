"""What a Telegram message carries: its kind, files, and words for what we can't show. Pure."""

from __future__ import annotations

from typing import Any

from channels.telegram import wire
from channels.telegram.vocabulary import ABOUT, SERVICE, UNSUPPORTED
from crm_core.dialogs.messages import FileRef, Kind

# Order matters: an animation comes with a `document`, a venue with a `location`.
FILE_FIELDS: tuple[tuple[str, Kind, str | None], ...] = (
    ("animation", Kind.ANIMATION, "video/mp4"),
    ("voice", Kind.VOICE, "audio/ogg"),
    ("audio", Kind.AUDIO, "audio/mpeg"),
    ("video_note", Kind.VIDEO_NOTE, "video/mp4"),
    ("video", Kind.VIDEO, "video/mp4"),
    ("live_photo", Kind.VIDEO, "video/mp4"),
    ("document", Kind.DOCUMENT, None),
)


def is_service(message: wire.Message) -> bool:
    """Whether Telegram wrote it rather than a person."""
    return bool(SERVICE & (message.model_extra or {}).keys())


def kind_and_files(message: wire.Message, limit: int) -> tuple[Kind, tuple[FileRef, ...]]:
    """What the message mainly is; files larger than `limit` bytes are marked, not dropped."""
    if message.photo:
        largest = max(message.photo, key=lambda size: (size.width or 0) * (size.height or 0))
        return Kind.PHOTO, (_file(Kind.PHOTO, largest, "image/jpeg", limit),)
    if message.sticker:
        sticker = message.sticker
        return Kind.STICKER, (_file(Kind.STICKER, sticker, _sticker_mime(sticker), limit),)
    for field, kind, mime in FILE_FIELDS:
        file: wire.File | None = getattr(message, field)
        if file is not None:
            return kind, (_file(kind, file, mime, limit),)
    return _kind_without_files(message), ()


def unsupported_name(message: wire.Message) -> str:
    """`poll`, `dice`, or a name from the future; `unknown_content` when nothing is shown to us."""
    names = [name for name in (message.model_extra or {}) if name not in ABOUT]
    return next(
        (name for name in names if name in UNSUPPORTED), names[0] if names else "unknown_content"
    )


def describe(name: str, value: Any) -> str:
    """One line that names what it was: `poll: Which day suits you?`."""
    words = value if isinstance(value, dict) else {}
    detail = next((words[key] for key in ("question", "title", "emoji") if words.get(key)), None)
    title = name.replace("_", " ")
    return f"{title}: {detail}" if isinstance(detail, str) else title


def _kind_without_files(message: wire.Message) -> Kind:
    if message.contact:
        return Kind.CONTACT
    if message.venue or message.location:
        return Kind.LOCATION
    return Kind.UNSUPPORTED if message.text is None else Kind.TEXT


def _file(kind: Kind, file: wire.File, mime: str | None, limit: int) -> FileRef:
    return FileRef(
        kind=kind,
        ref=file.file_id,
        name=file.file_name,
        mime=file.mime_type or mime,
        size=file.file_size,
        width=file.width or file.length,
        height=file.height or file.length,
        duration=file.duration,
        unavailable="too_large" if (file.file_size or 0) > limit else None,
    )


def _sticker_mime(sticker: wire.File) -> str:
    if sticker.is_animated:
        return "application/x-tgsticker"
    return "video/webm" if sticker.is_video else "image/webp"

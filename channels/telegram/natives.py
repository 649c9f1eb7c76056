"""Which files Telegram takes as what they are; the others go as something plainer. Pure.

Source: descriptions of sendPhoto, sendVoice, sendAudio, sendVideo, sendVideoNote, sendSticker.
"""

from __future__ import annotations

from dataclasses import replace

from channels.telegram.config import MEGABYTE
from crm_core.dialogs.messages import Kind, OutFile

MIMES: dict[Kind, frozenset[str]] = {
    Kind.PHOTO: frozenset({"image/jpeg", "image/png", "image/webp"}),
    Kind.VOICE: frozenset({"audio/ogg", "audio/opus", "application/ogg"}),
    Kind.AUDIO: frozenset({"audio/mpeg", "audio/mp3", "audio/mp4", "audio/m4a", "audio/x-m4a"}),
    Kind.VIDEO: frozenset({"video/mp4"}),
    Kind.VIDEO_NOTE: frozenset({"video/mp4"}),
    Kind.ANIMATION: frozenset({"image/gif", "video/mp4"}),
    Kind.STICKER: frozenset({"image/webp", "application/x-tgsticker", "video/webm"}),
}
SIZES: dict[Kind, int] = {
    Kind.PHOTO: 10 * MEGABYTE,
    Kind.VIDEO_NOTE: 12 * MEGABYTE,
    Kind.STICKER: MEGABYTE // 2,
}
LONGEST_SIDES = 10_000  # width + height of a photo
PLAINER: dict[Kind, Kind] = {
    Kind.VOICE: Kind.AUDIO,
    Kind.VIDEO_NOTE: Kind.VIDEO,
    Kind.STICKER: Kind.PHOTO,
    Kind.ANIMATION: Kind.VIDEO,
}


def native(file: OutFile) -> OutFile:
    """The file under the richest kind that Telegram takes it as; a document at the plainest."""
    while file.kind is not Kind.DOCUMENT and not _fits(file):
        file = replace(file, kind=PLAINER.get(file.kind, Kind.DOCUMENT))
    return file


def _fits(file: OutFile) -> bool:
    mime = file.mime.partition(";")[0].strip().lower()
    if mime not in MIMES[file.kind] or file.size > SIZES.get(file.kind, file.size):
        return False
    return file.kind is not Kind.PHOTO or _fits_as_photo(file.width or 0, file.height or 0)


def _fits_as_photo(width: int, height: int) -> bool:
    if not (width and height):
        return True
    return width + height <= LONGEST_SIDES and max(width, height) <= 20 * min(width, height)

"""What a message holds besides its text, in words: files, contacts, places. Pure."""

from __future__ import annotations

from typing import Any

from crm_core.dialogs.messages import Kind
from crm_core.dialogs.queries import FileView, MessageView
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

KINDS = {
    Kind.PHOTO: ("🖼", N_("photo")),
    Kind.VIDEO: ("🎬", N_("video")),
    Kind.VIDEO_NOTE: ("🎬", N_("video message")),
    Kind.VOICE: ("🎤", N_("voice message")),
    Kind.AUDIO: ("🎵", N_("audio")),
    Kind.DOCUMENT: ("📎", N_("file")),
    Kind.STICKER: ("🙂", N_("sticker")),
    Kind.ANIMATION: ("🎬", N_("animation")),
    Kind.CONTACT: ("👤", N_("contact")),
    Kind.LOCATION: ("📍", N_("location")),
}
REASONS = {
    "too_large": N_("the file is too large to be taken over"),
    "empty": N_("the file is empty"),
}
MEGABYTE = 1024 * 1024


def broken(message: MessageView) -> list[str]:
    """A line for each file that can't be shown."""
    return [file_line(file) for file in message.files if file.state == "unavailable"]


def file_line(file: FileView) -> str:
    """`📎 plan.pdf · 2.4 MB`, with the reason when it can't be had."""
    sign, title = KINDS[Kind(file.kind)]
    name = file.name or _(title)
    size = f" · {file.size / MEGABYTE:.1f} MB" if file.size and file.size > MEGABYTE / 10 else ""
    if file.state == "unavailable":
        reason = REASONS.get(file.reason or "", file.reason or N_("it is no longer available"))
        return f"⚠️ {name}{size}: {_(reason)}"
    if file.state == "pending":
        return f"{sign} {name}{size} ({_('still on its way')})"
    return f"{sign} {name}{size}"


def extras(extra: dict[str, Any]) -> list[str]:
    found = []
    if card := extra.get("contact"):
        found.append(f"👤 {card.get('name', '')} {card.get('phone', '')}".strip())
    if place := extra.get("location"):
        point = f"{place['latitude']:.5f}, {place['longitude']:.5f}"
        found.append(f"📍 {place.get('title') or place.get('address') or point}")
    return found

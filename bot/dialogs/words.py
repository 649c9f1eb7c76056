"""Messages as managers read them: who, when, what; files that can't be shown are named. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiogram.utils.formatting import Bold, Italic, Text

from bot.screen import lines
from bot.times import moment
from channels.telegram.entities import to_telegram
from crm_core.dialogs.messages import Kind
from crm_core.dialogs.queries import FileView, MessageView
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

SIGNS = {"in": "👤", "out": "✓", "note": "🔒"}
STATUS = {
    "queued": "…",
    "sent": "✓",
    "delivered": "✓✓",
    "read": "👁",
    "failed": "⚠️",
    "unknown": "⚠️",
}
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


def content(message: MessageView) -> Text:
    """The text with its formatting."""
    return Text.from_entities(message.text, to_telegram(message.entities))


def head(message: MessageView, client: str, timezone: str) -> Text:
    """Who and when: `👤 Anna 14:05`; ✏️ when it was changed since."""
    who = client if message.direction == "in" else (message.author_name or "—")
    sign = STATUS.get(message.status or "", "✓") if message.direction == "out" else None
    changed = " ✏️" if message.edited_at else ""
    return Text(
        f"{sign or SIGNS[message.direction]} ",
        Bold(who),
        f" · {moment(message.at, timezone)}{changed}",
    )


def entry(message: MessageView, client: str, timezone: str, *, named: bool = True) -> Text:
    """One message of a notice or a history. `named`: also says what files it holds."""
    files = [file_line(file) for file in message.files] if named else broken(message)
    return lines(
        head(message, client, timezone),
        content(message) if message.text else None,
        *files,
        *(_extras(message.extra) if named else ()),
    )


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


def _extras(extra: dict[str, Any]) -> list[str]:
    found = []
    if card := extra.get("contact"):
        found.append(f"👤 {card.get('name', '')} {card.get('phone', '')}".strip())
    if place := extra.get("location"):
        point = f"{place['latitude']:.5f}, {place['longitude']:.5f}"
        found.append(f"📍 {place.get('title') or place.get('address') or point}")
    return found


def summary(message: MessageView, most: int) -> str:
    """One message in a few words, for cards: text, else what it is."""
    text = message.text.strip()
    if not text:
        parts = [file_line(file) for file in message.files] + _extras(message.extra)
        text = ", ".join(parts)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def notice(entries: Sequence[tuple[MessageView, str]], timezone: str) -> Text:
    """Several messages (with their clients' names) one under another, none left out."""
    parts: list[Text | str] = []
    for message, client in entries:
        parts += ["\n\n", entry(message, client, timezone)]
    return Text(*parts[1:])


def fault(message: MessageView, causes: Sequence[str], client: str) -> Text:
    """What did not arrive and why; or that it now has."""
    words = summary(message, 200)
    if message.status in {"failed", "unknown"}:
        title = (
            _("⚠️ Not delivered to %(name)s")
            if message.status == "failed"
            else _("⚠️ It is not known whether %(name)s got this")
        )
        reasons = [_(cause) for cause in dict.fromkeys(causes) if cause]
        return lines(Bold(title % {"name": client}), *reasons, Italic(words))
    title = _("… Sending again to %(name)s")
    if message.status != "queued":
        title = _("✓ Delivered to %(name)s after all")
    return lines(Bold(title % {"name": client}), Italic(words))

"""Messages as managers read them: who, when, what; files that can't be shown are named. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Bold, Text

from bot.dialogs.filewords import broken, extras, file_line
from bot.screen import lines
from bot.times import moment
from channels.telegram.entities import to_telegram
from crm_core.dialogs.queries import MessageView

SIGNS = {"in": "👤", "out": "✓", "note": "🔒"}
STATUS = {
    "queued": "…",
    "sent": "✓",
    "delivered": "✓✓",
    "read": "👁",
    "failed": "⚠️",
    "unknown": "⚠️",
}


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
        *(extras(message.extra) if named else ()),
    )


def summary(message: MessageView, most: int) -> str:
    """One message in a few words, for cards: text, else what it is."""
    text = message.text.strip()
    if not text:
        parts = [file_line(file) for file in message.files] + extras(message.extra)
        text = ", ".join(parts)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def notice(entries: Sequence[tuple[MessageView, str]], timezone: str) -> Text:
    """Several messages (with their clients' names) one under another, none left out."""
    parts: list[Text | str] = []
    for message, client in entries:
        parts += ["\n\n", entry(message, client, timezone)]
    return Text(*parts[1:])

"""Mails as managers read them: from whom, to whom else, folded; and what one does with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiogram.utils.formatting import Text

from bot.dialogs import filewords, words
from bot.dialogs.presses import MailPress
from bot.screen import Rows, button, lines, shorten
from channels.telegram.entities import to_telegram
from crm_core.dialogs.queries import MessageView
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

# Longer ones are read whole on demand.
LONGEST = 3000
NAMED = 5
FORGED = N_("Forged sender: the mail server says this is not from %(address)s.")


def facts(message: MessageView) -> dict[str, Any]:
    """What the mail channel kept with a message; empty when it is no mail."""
    found: dict[str, Any] = message.extra.get("mail") or {}
    return found


def is_shortened(message: MessageView) -> bool:
    return len(message.text) > LONGEST


def entry(message: MessageView, client: str, timezone: str) -> Text:
    """One mail of a notice. Its author is named as the mail names them."""
    mail = facts(message)
    author = mail.get("from") if message.direction == "in" else None
    who = (author.get("name") or author.get("address")) if author else ""
    text = message.text[:LONGEST].rstrip() + "…" if is_shortened(message) else message.text
    shown = replace(message, text=text)
    body = Text.from_entities(text, to_telegram(_within(shown)))
    return lines(
        words.head(message, who or client, timezone),
        _people(mail),
        _doubt(mail),
        f"🤖 {_('Sent by a program, not by a person')}" if mail.get("auto") else None,
        f"✂️ {_('Only the beginning: the mail is too large')}" if mail.get("cut") else None,
        body if text else None,
        *filewords.broken(message),
    )


def _within(message: MessageView) -> Sequence[Any]:
    limit = len(message.text)
    return [one for one in message.entities if one.offset + one.length <= limit]


def _doubt(mail: dict[str, Any]) -> str | None:
    """Said of a sender nobody may believe."""
    return f"⚠️ {_(FORGED) % mail['from']}" if mail.get("forged") else None


def _people(mail: dict[str, Any]) -> str | None:
    """Who else has it."""
    others = mail.get("others") or ()
    if not others:
        return None
    names = [one.get("name") or one["address"] for one in others[:NAMED]]
    more = f" +{len(others) - NAMED}" if len(others) > NAMED else ""
    return "👥 " + shorten(", ".join(names), 200) + more


def rows(message: MessageView) -> Rows:
    """What one does with a mail besides answering its sender."""
    mail = facts(message)
    whole = button(f"📄 {_('Whole mail')}", MailPress(do="whole", id=message.id))
    label = f"↩️ {_('Reply to all')}" if mail.get("others") else f"✏️ {_('Subject, copy')}"
    answer = button(label, MailPress(do="answer", id=message.id))
    forward = button(f"↪️ {_('Forward')}", MailPress(do="forward", id=message.id))
    if message.direction != "in":
        return [[forward]]
    unfolded = [whole] if mail.get("whole") or is_shortened(message) else []
    return [[*unfolded, answer, forward]] if not unfolded else [unfolded, [answer, forward]]


def whole(message: MessageView) -> str:
    """The text as it came, with signature and what it answers to."""
    mail = facts(message)
    if not mail.get("whole"):
        return message.text
    return f"{mail['subject']}\n\n{mail['whole']}" if mail.get("subject") else str(mail["whole"])

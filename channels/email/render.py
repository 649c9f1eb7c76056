"""An answer as a mail: to whom, under which subject, in which thread, with what files."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from html import escape
from pathlib import Path
from typing import Any

from channels.email import headers, ids, markup, threading, threads
from channels.email.config import Config
from channels.email.threads import Thread
from crm_core.dialogs.messages import OutboundPart, OutFile
from crm_core.kernel import clock
from crm_core.kernel.i18n import N_
from routing.contracts import Rejected

NOBODY = N_("There is no address to write to: name one.")
ONLY_OURS = N_("This mail would go to our own mailbox only.")
MOST_REFERENCES = 10
# Not every server on the way takes eight bits.
SEVEN_BIT = SMTP.clone(cte_type="7bit")
LONGEST_SUBJECT = 250
LONGEST_QUOTE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail before it is bytes. `parents` are ids of the thread, the last one answered."""

    id: str
    key: str
    at: datetime
    sender: tuple[str, str]
    to: tuple[tuple[str, str], ...]
    cc: tuple[tuple[str, str], ...] = ()
    reply_to: str = ""
    subject: str = ""
    parents: tuple[str, ...] = ()
    text: str = ""
    html: str = ""


async def compose(settings: Config, channel_id: int, chat: str, part: OutboundPart) -> EmailMessage:
    """The mail that carries a part; the same id whenever it is made again. Raises Rejected."""
    thread = await threads.thread(channel_id, chat)
    if thread is None:
        raise Rejected(NOBODY)
    made = letter(settings, channel_id, chat, part, thread)
    return await asyncio.to_thread(build, made, part.files)


def letter(
    settings: Config, channel_id: int, chat: str, part: OutboundPart, thread: Thread
) -> Letter:
    """What the mail says, and to whom. Pure but for the clock and the process key."""
    wanted: dict[str, Any] = part.extra.get("mail", {})
    to = _people(wanted["to"]) if wanted.get("to") else (_answered(thread, settings.own),)
    cc = _people(wanted.get("cc", ()))
    everybody = {address for _name, address in (*to, *cc)}
    if not everybody - {""}:
        raise Rejected(NOBODY)
    if everybody <= settings.own:
        raise Rejected(ONLY_OURS)
    passed_on = bool(wanted.get("forward"))
    text, html = _words(settings, part, None if passed_on else thread)
    return Letter(
        id=ids.message_id(channel_id, part.key, settings.address),
        key=part.key,
        at=clock.now(),
        sender=(settings.sender_name, settings.address),
        to=to,
        cc=cc,
        reply_to=threading.tagged(settings.address, "t", chat) if settings.plus else "",
        subject=_subject(wanted.get("subject", ""), part, thread),
        parents=() if passed_on else _parents(part, thread),
        text=text,
        html=html,
    )


def _people(found: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """(name, address) of `{"address", "name"}` or bare addresses; what is none is left out."""
    known = [one if isinstance(one, dict) else {"address": str(one)} for one in found]
    pairs = [(one.get("name", ""), headers.address_of(one["address"])) for one in known]
    return tuple((name, address) for name, address in pairs if address)


def _answered(thread: Thread, own: frozenset[str]) -> tuple[str, str]:
    """Where an answer goes: what the client asks for, else where they write from."""
    for one in (thread.last.get("reply_to"), thread.last.get("from")):
        if one and one["address"] and threading.without_tag(one["address"]) not in own:
            return one.get("name", ""), one["address"]
    name = "" if thread.name == thread.person else thread.name
    return name, headers.address_of(thread.person)


def _subject(wanted: str, part: OutboundPart, thread: Thread) -> str:
    first = next((line for line in part.text.split("\n") if line.strip()), "")
    subject = wanted or (f"Re: {thread.subject}" if thread.subject and thread.begun else "")
    subject = subject or thread.subject or first[:70] or (part.files[0].name if part.files else "")
    return " ".join(subject.split())[:LONGEST_SUBJECT]


def _parents(part: OutboundPart, thread: Thread) -> tuple[str, ...]:
    """The first of the thread and its last ten, what is answered at the end."""
    chain = [one for one in thread.chain if "@" in one and not re.search(r"[\s<>~]", one)]
    if part.reply_to in chain:
        chain = [*(one for one in chain if one != part.reply_to), part.reply_to]
    return tuple(chain if len(chain) <= MOST_REFERENCES else [chain[0], *chain[-MOST_REFERENCES:]])


def _words(settings: Config, part: OutboundPart, thread: Thread | None) -> tuple[str, str]:
    """Text and HTML: the answer, the signature, the mail it answers."""
    text, html = part.text, markup.html(part.text, part.entities)
    if signature := settings.signature.strip():
        text += f"\n\n-- \n{signature}"
        html += f"<br>\n<br>\n-- <br>\n{markup.html(signature, ())}"
    if thread and thread.words and thread.last.get("from"):
        author, words = _attribution(thread), thread.words[:LONGEST_QUOTE]
        text += f"\n\n{author}\n" + "\n".join(f"> {line}" for line in words.split("\n"))
        quoted = markup.html(words, ())
        html += f'<br>\n<br>\n{escape(author)}<br>\n<blockquote type="cite">{quoted}</blockquote>'
    return text.strip() + "\n", f"<div>{html}</div>\n"


def _attribution(thread: Thread) -> str:
    """Whose words follow; it needs no language."""
    person = thread.last["from"]
    when = f"{thread.at:%d.%m.%Y, %H:%M}, " if thread.at else ""
    name = f"{person.get('name', '')} " if person.get("name") else ""
    return f"{when}{name}<{person['address']}>:"


def build(made: Letter, files: Sequence[OutFile]) -> EmailMessage:
    """The mail with its files, which are read from disk."""
    message = EmailMessage(policy=SEVEN_BIT)
    message["From"] = _address(made.sender)
    message["To"] = ", ".join(map(_address, made.to))
    if made.cc:
        message["Cc"] = ", ".join(map(_address, made.cc))
    if made.reply_to:
        message["Reply-To"] = made.reply_to
    message["Subject"] = made.subject
    message["Date"] = format_datetime(made.at)
    message["Message-ID"] = made.id
    if made.parents:
        message["In-Reply-To"] = f"<{made.parents[-1]}>"
        message["References"] = " ".join(f"<{one}>" for one in made.parents)
    message["X-Pult"] = made.key
    message.set_content(made.text)
    message.add_alternative(made.html, subtype="html")
    for file in files:
        kind, _slash, subtype = file.mime.partition("/")
        message.add_attachment(
            Path(file.path).read_bytes(),
            maintype=kind if subtype and kind != "multipart" else "application",
            subtype=subtype or "octet-stream",
            filename=headers.safe_name(file.name) or "file",
        )
    return message


def _address(person: tuple[str, str]) -> str:
    name, address = person
    local, _at, domain = address.partition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode()
    return formataddr((" ".join(name.split())[:100], f"{local}@{domain}"))

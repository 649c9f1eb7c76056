"""A raw mail as data: who, when, what, which files. Pure, and never raises."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from email.message import Message
from typing import Any

from channels.email import (
    authresults,
    auto,
    bounces,
    calendars,
    forwards,
    headers,
    htmltext,
    ids,
    sanitise,
)
from channels.email.leaf import Leaf
from channels.email.leaves import leaves
from channels.email.quotes import fold

LONGEST_TEXT = 300_000
LONGEST_SUBJECT = 500
# Pictures of a signature and the like: shown with the HTML, no files of their own.
SMALL_PICTURE = 6 * 1024
WITHIN = "!"
MACHINERY = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
REPORTS = bounces.STATUSES | bounces.READS
ARRIVED = ("Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To", "X-Forwarded-To")


def digest(raw: bytes, own: frozenset[str]) -> dict[str, Any]:
    """What a mail says, JSON-able.

    `message_id` and the other ids bare; `from`, `reply_to`: {address, name}; `to`, `cc`: lists of
    them; `date` ISO or None; `text` (without quote and signature), `whole`, `quote`, `signature`,
    `html` (harmless); `attachments`: [{part, name, mime, size, inline, cid, shown}]; `auto`: why
    it is automatic or ""; `bounce`, `forwarded`: see their modules; `mine`: it is from `own`;
    `delivered`: addresses of envelopes; `auth`: what servers found out about the sender; `hash`
    of its content.
    """
    message = headers.parsed(raw)
    found = list(leaves(message))
    told = _envelope(message)
    sender = told["from"]["address"]
    told |= _words(found, passed_on=forwards.is_forward(told["subject"]))
    told["attachments"] = [_attachment(leaf, told["html"]) for leaf in _files(found)]
    told["auth"] = authresults.read(message)
    told["auto"] = auto.reason(message, sender)
    told["bounce"] = bounces.read(message, found, sender)
    told["mine"] = sender in own
    told["hash"] = _hash(told)
    told["forwarded"] = _forwarded(told, found)
    return told


def _forwarded(told: dict[str, Any], found: Sequence[Leaf]) -> dict[str, Any] | None:
    """What was passed on; an attached mail is read as one: its files are numbered `3!1`."""
    inner = forwards.inner(told["whole"] or told["text"], found)
    if inner and inner["part"]:
        carrier = next(leaf for leaf in found if leaf.number == inner["part"])
        within = list(leaves(headers.parsed(carrier.data)))
        words = _words(within, passed_on=False)
        files = [_attachment(leaf, words["html"]) for leaf in _files(within)]
        numbered = [one | {"part": f"{carrier.number}{WITHIN}{one['part']}"} for one in files]
        inner |= {"told": words | {"subject": inner["subject"], "attachments": numbered}}
    return inner


def part(raw: bytes, number: str) -> bytes:
    """The decoded content of an attachment; LookupError when there is none of this number."""
    outer, _sign, within = number.partition(WITHIN)
    for leaf in leaves(headers.parsed(raw)):
        if leaf.number == outer:
            return part(leaf.data, within) if within else leaf.data
    raise LookupError(number)


def _envelope(message: Message) -> dict[str, Any]:
    nobody = {"address": "", "name": ""}
    senders = headers.addresses(message, "From") or headers.addresses(message, "Sender")
    replies = headers.addresses(message, "Reply-To")
    date = headers.date(message)
    delivered = {one["address"] for one in headers.addresses(message, *ARRIVED)}
    return {
        "message_id": next((ids.external(one) for one in headers.ids(message, "Message-ID")), ""),
        "in_reply_to": [ids.external(one) for one in headers.ids(message, "In-Reply-To")],
        "references": [ids.external(one) for one in headers.ids(message, "References")],
        "subject": headers.value(message, "Subject")[:LONGEST_SUBJECT],
        "from": senders[0] if senders else nobody,
        "to": headers.addresses(message, "To"),
        "cc": headers.addresses(message, "Cc"),
        "reply_to": replies[0] if replies else None,
        "date": date.isoformat() if date else None,
        "delivered": sorted(delivered),
        "loop": headers.value(message, "X-Pult")[:80],
    }


def _words(found: Sequence[Leaf], *, passed_on: bool) -> dict[str, Any]:
    """The text to read and the HTML to show; a text part beside HTML is preferred."""
    bodies = [leaf for leaf in found if not leaf.attached]
    html = "\n<hr>\n".join(leaf.text for leaf in bodies if leaf.mime == "text/html")
    plain = [leaf.text for leaf in bodies if leaf.mime == "text/plain" and leaf.text.strip()]
    text = "\n\n".join(plain) or _readable(html) or _invitation(found)
    folded = fold(text[:LONGEST_TEXT], passed_on=passed_on)
    return {
        "text": folded.text,
        "whole": folded.whole if folded.hidden else "",
        "quote": folded.quote,
        "signature": folded.signature,
        "html": sanitise.clean(html),
    }


def _readable(html: str) -> str:
    return htmltext.text_of(html) if html else ""


def _invitation(found: Iterable[Leaf]) -> str:
    """A mail that is nothing but an invitation says what to."""
    calendar = next((leaf for leaf in found if leaf.mime == "text/calendar"), None)
    return calendars.summary(calendar.text) if calendar else ""


def _files(found: Sequence[Leaf]) -> list[Leaf]:
    """Everything that is not the text itself."""
    reports = any(leaf.mime in REPORTS for leaf in found)
    return [
        leaf
        for leaf in found
        if leaf.attached
        or (
            leaf.data.strip()
            and leaf.mime not in {"text/plain", "text/html"}
            and not (reports and leaf.mime in REPORTS)
        )
    ]


def _attachment(leaf: Leaf, html: str) -> dict[str, Any]:
    inline = bool(leaf.cid) and f"cid:{leaf.cid}" in html
    hidden = leaf.mime in MACHINERY or (inline and len(leaf.data) < SMALL_PICTURE)
    return {
        "part": leaf.number,
        "name": leaf.name,
        "mime": leaf.mime,
        "size": len(leaf.data),
        "inline": inline,
        "cid": leaf.cid,
        "shown": not hidden,
    }


def _hash(told: dict[str, Any]) -> str:
    """Tells apart mails that bear the same Message-ID, or none."""
    parts = [told["from"]["address"], told["subject"], told["date"], told["text"], told["whole"]]
    parts += [f"{one['name']}:{one['size']}" for one in told["attachments"]]
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:24]

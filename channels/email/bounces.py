"""News about mail that was sent: not delivered, delivered, read (RFC 3464, RFC 8098). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.message import Message
from typing import Any

from channels.email import headers, ids
from channels.email.leaves import Leaf

STATUSES = frozenset({"message/delivery-status", "message/global-delivery-status"})
READS = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
ORIGINALS = frozenset({"message/rfc822", "text/rfc822-headers", "message/global-headers"})
OUR_ID = re.compile(r"<?(pult\.\d+\.[0-9a-f]{24}@[^\s<>\"]+)>?")
DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon")
REFUSALS = re.compile(
    r"undeliver|not (?:be )?deliver|delivery (?:status|has failed|failure)|returned mail"
    r"|failure notice|mail delivery failed|недоставл|не (?:было |может быть )?доставлен"
    r"|не удалось доставить|возвращено отправителю|ошибка доставки",
    re.IGNORECASE,
)
CODE = re.compile(r"\b([45]\.\d{1,3}\.\d{1,3})\b|\b([45]\d\d)[ -]")
LONGEST = 300


def read(message: Message, leaves: Sequence[Leaf], sender: str) -> dict[str, Any] | None:
    """`{"what": failed|delayed|delivered|read, "ids": […], "reason", "to": […]}`, or None.

    `ids` are Message-IDs it may be about, the surest first.
    """
    by_kind = {leaf.mime: leaf for leaf in reversed(leaves)}
    if notice := next((by_kind[kind] for kind in READS if kind in by_kind), None):
        return _read_receipt(notice, leaves)
    if report := next((by_kind[kind] for kind in STATUSES if kind in by_kind), None):
        return _delivery_report(report, leaves)
    failed = headers.addresses(message, "X-Failed-Recipients")
    subject = headers.value(message, "Subject")
    daemon = sender.partition("@")[0] in DAEMONS
    if failed or (daemon and (REFUSALS.search(subject) or _about(leaves))):
        to = [one["address"] for one in failed]
        return _told("failed", leaves, reason=_words(leaves), to=to)
    return None


def _told(what: str, leaves: Sequence[Leaf], *, reason: str, to: list[str]) -> dict[str, Any]:
    return {"what": what, "ids": _about(leaves), "reason": reason[:LONGEST], "to": to[:20]}


def _read_receipt(notice: Leaf, leaves: Sequence[Leaf]) -> dict[str, Any]:
    fields = _fields(notice.text)
    named = [ids.external(fields["original-message-id"])] if "original-message-id" in fields else []
    shown = "displayed" in fields.get("disposition", "").lower()
    told = _told("read" if shown else "deleted", leaves, reason="", to=[])
    return told | {"ids": list(dict.fromkeys(named + told["ids"]))}


def _delivery_report(report: Leaf, leaves: Sequence[Leaf]) -> dict[str, Any]:
    """The worst of what is said about the recipients."""
    groups = [_fields(one) for one in re.split(r"\n\s*\n", report.text.replace("\r", ""))]
    people = [one for one in groups if "action" in one or "status" in one]
    failed = [one for one in people if _action(one) == "failed"]
    chosen = failed or people or [{}]
    reason = next((text for one in chosen if (text := _cause(one))), "") or _words(leaves)
    to = [address for one in chosen if (address := _recipient(one))]
    return _told(_action(chosen[0]), leaves, reason=reason, to=to)


def _action(fields: dict[str, str]) -> str:
    action = fields.get("action", "").lower().split(" ")[0]
    if action in {"failed", "delayed"}:
        return action
    if action in {"delivered", "relayed", "expanded"}:
        return "delivered"
    return "delayed" if fields.get("status", "").startswith("4") else "failed"


def _cause(fields: dict[str, str]) -> str:
    """The server's own words: `smtp; 550 5.1.1 no such user`."""
    words = fields.get("diagnostic-code", "").partition(";")[2] or fields.get("diagnostic-code", "")
    return " ".join(words.split()) or fields.get("status", "")


def _recipient(fields: dict[str, str]) -> str:
    named = fields.get("final-recipient") or fields.get("original-recipient") or ""
    return headers.address_of(named.rpartition(";")[2])


def _fields(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in text.replace("\r", "").split("\n"):
        if line[:1] in {" ", "\t"} and name:
            found[name] += f" {line.strip()}"
        elif ":" in line:
            name, _colon, value = line.partition(":")
            name = name.strip().lower()
            found.setdefault(name, value.strip())
    return found


def _about(leaves: Sequence[Leaf]) -> list[str]:
    """Ids of the mail this is about: from its returned headers, else any id of ours in the text."""
    returned = [one for leaf in leaves if leaf.mime in ORIGINALS for one in _original_ids(leaf)]
    ours = [one for leaf in leaves for one in _our_ids(leaf)]
    return list(dict.fromkeys([*returned, *ours]))[:10]


def _original_ids(leaf: Leaf) -> Iterator[str]:
    for one in headers.ids(headers.parsed(leaf.data.lstrip()), "Message-ID"):
        yield ids.external(one)


def _our_ids(leaf: Leaf) -> Iterator[str]:
    if leaf.mime.startswith(("text/", "message/")):
        yield from (match[1] for match in OUR_ID.finditer(leaf.data[:200_000].decode("latin-1")))


def _words(leaves: Sequence[Leaf]) -> str:
    """The line of a report for people that names the refusal, else its first words."""
    text = next((leaf.text for leaf in leaves if leaf.mime == "text/plain"), "")
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    coded = next((line for line in lines if CODE.search(line)), "")
    return coded or " ".join(lines[:3])

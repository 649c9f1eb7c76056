"""News about mail that was sent: not delivered, delivered, read (RFC 3464, RFC 8098). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.message import Message
from typing import Any

from channels.email import headers, ids
from channels.email.leaf import Leaf
from channels.email.reportfields import action_of, cause_of, fields_of, recipient_of
from channels.email.returned import about

STATUSES = frozenset({"message/delivery-status", "message/global-delivery-status"})
READS = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
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
    if failed or (daemon and (REFUSALS.search(subject) or about(leaves))):
        to = [one["address"] for one in failed]
        return _told("failed", leaves, reason=_words(leaves), to=to)
    return None


def _told(what: str, leaves: Sequence[Leaf], *, reason: str, to: list[str]) -> dict[str, Any]:
    return {"what": what, "ids": about(leaves), "reason": reason[:LONGEST], "to": to[:20]}


def _read_receipt(notice: Leaf, leaves: Sequence[Leaf]) -> dict[str, Any]:
    fields = fields_of(notice.text)
    named = [ids.external(fields["original-message-id"])] if "original-message-id" in fields else []
    shown = "displayed" in fields.get("disposition", "").lower()
    told = _told("read" if shown else "deleted", leaves, reason="", to=[])
    return told | {"ids": list(dict.fromkeys(named + told["ids"]))}


def _delivery_report(report: Leaf, leaves: Sequence[Leaf]) -> dict[str, Any]:
    """The worst of what is said about the recipients."""
    groups = [fields_of(one) for one in re.split(r"\n\s*\n", report.text.replace("\r", ""))]
    people = [one for one in groups if "action" in one or "status" in one]
    failed = [one for one in people if action_of(one) == "failed"]
    chosen = failed or people or [{}]
    reason = next((text for one in chosen if (text := cause_of(one))), "") or _words(leaves)
    to = [address for one in chosen if (address := recipient_of(one))]
    return _told(action_of(chosen[0]), leaves, reason=reason, to=to)


def _words(leaves: Sequence[Leaf]) -> str:
    """The line of a report for people that names the refusal, else its first words."""
    text = next((leaf.text for leaf in leaves if leaf.mime == "text/plain"), "")
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    coded = next((line for line in lines if CODE.search(line)), "")
    return coded or " ".join(lines[:3])

"""What ties mails together: ids, signed tags in addresses, subjects. Pure but for the process key.

A chat of this channel is a thread. Evidence in its order: In-Reply-To, References from the right,
a signed tag of ours in an address, and, weakly, an answer of the same person to the same subject.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from crm_core.kernel import secrets

PURPOSE = "mail.tag"
SIGNED = 10
MOST_CANDIDATES = 40
TAG = re.compile(r"([te])([0-9a-z]{1,32})-([0-9a-f]{10})")
PREFIX = re.compile(
    r"\s*(?:(?:re|aw|sv|ha|на|отв|ответ|ответить|fwd?|fw|wg|tr|пересл|вс)\s*(?:\[\d+\]|\(\d+\)|\d+)?\s*:"
    r"|\[(?:#?\d+|ext(?:ernal)?|спам|spam|внешн\w*)\])\s*",
    re.IGNORECASE,
)
ANSWER = re.compile(
    r"\s*(?:\[[^\]]{1,20}\]\s*)?(?:re|aw|sv|ha|на|отв|ответ)\s*(?:\[\d+\]|\(\d+\)|\d+)?\s*:",
    re.IGNORECASE,
)


def candidates(told: dict[str, Any]) -> list[str]:
    """Ids this mail may answer, the surest first."""
    found = [*told["in_reply_to"], *reversed(told["references"])]
    return list(dict.fromkeys(one for one in found if one))[:MOST_CANDIDATES]


def is_answer(subject: str) -> bool:
    return bool(ANSWER.match(subject))


def bare_subject(subject: str) -> str:
    """Without `Re:`, `Fwd:`, `На:`, `Отв:`, `[#123]`, however many."""
    while (match := PREFIX.match(subject)) and match.end():
        subject = subject[match.end() :]
    return subject.strip()


def subject_key(subject: str) -> str:
    """Equal for a subject and answers to it; empty when it says nothing."""
    words = " ".join(bare_subject(subject).casefold().replace("ё", "е").split())
    return words[:200]


def new_chat(external_id: str) -> str:
    """The thread a mail begins: the same whenever the mail is looked at."""
    return hashlib.sha256(external_id.encode()).hexdigest()[:16]


def external_id(told: dict[str, Any]) -> str:
    """The mail's own id; mail without a Message-ID goes by its content."""
    return str(told["message_id"]) or f"none.{told['hash']}"


def _signature(kind: str, value: str) -> str:
    signed = secrets.sign(PURPOSE, f"{kind}{value}")
    return hashlib.sha256(signed.encode()).hexdigest()[:SIGNED]


def tagged(address: str, kind: str, value: str) -> str:
    """`sales+t<chat>-<signature>@…`; kind `t` is a thread, `e` an employee's personal address."""
    local, _at, domain = address.partition("@")
    return f"{local}+{kind}{value}-{_signature(kind, value)}@{domain}"


def tags(addresses: Iterable[str], own: Iterable[str]) -> dict[str, str]:
    """Signed tags found in addresses of ours: kind -> value. Forged ones are no tags."""
    ours = {one.lower() for one in own}
    found: dict[str, str] = {}
    for address in addresses:
        local, _at, domain = address.lower().partition("@")
        base, _plus, tag = local.partition("+")
        match = TAG.fullmatch(tag)
        if match and f"{base}@{domain}" in ours and match[3] == _signature(match[1], match[2]):
            found.setdefault(match[1], match[2])
    return found


def without_tag(address: str) -> str:
    """An address of ours as people know it."""
    local, _at, domain = address.lower().partition("@")
    base, plus, tag = local.partition("+")
    return f"{base}@{domain}" if plus and TAG.fullmatch(tag) else address.lower()


def arrived_at(told: dict[str, Any]) -> list[str]:
    """Every address the mail went to, the envelope's first."""
    named = [one["address"] for one in (*told["to"], *told["cc"])]
    return list(dict.fromkeys([*told["delivered"], *named]))

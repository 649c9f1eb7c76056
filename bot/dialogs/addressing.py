"""Who gets a mail and under which subject, as managers write it above their words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from channels.email.headers import ADDRESS, address_of

FIELD = re.compile(
    r"\s*(?P<subject>subject|тема)\s*:|\s*(?P<cc>cc|копия|копии)\s*:|\s*(?P<to>to|кому)\s*:",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Fields:
    """What was named; empty where nothing was."""

    subject: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()


def read(text: str) -> tuple[Fields, str]:
    """Lines of fields at the beginning, and the words after them."""
    fields = Fields()
    lines = text.strip().split("\n")
    while lines and (match := FIELD.match(lines[0])):
        value = lines.pop(0)[match.end() :].strip()
        if match["subject"]:
            fields.subject = value
        elif match["cc"]:
            fields.cc = addresses(value)
        else:
            fields.to = addresses(value)
    return fields, "\n".join(lines).strip()


def addresses(text: str) -> tuple[str, ...]:
    """Addresses in a line, each once."""
    found = (address_of(match[0]) for match in ADDRESS.finditer(text))
    return tuple(dict.fromkeys(one for one in found if one))


def answered(mail: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Who gets an answer to everybody: the sender, and in copy all others."""
    sender = mail.get("reply_to") or mail.get("from") or {}
    to = [sender["address"]] if sender.get("address") else []
    others = [one["address"] for one in mail.get("others", ())]
    return to, [one for one in dict.fromkeys(others) if one not in to]

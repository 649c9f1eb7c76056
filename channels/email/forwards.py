"""A mail somebody passed on: what it was before, attached or quoted in the text. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from channels.email import attribution, dividers, encodedwords, headerblock, headers, ids
from channels.email.leaf import Leaf

PREFIX = re.compile(r"\s*(?:fwd?|fw|пересл|пересылка|вс|перенапр)\s*:", re.IGNORECASE)
LONGEST = 300_000


def is_forward(subject: str) -> bool:
    """By its subject."""
    return bool(PREFIX.match(subject))


def inner(text: str, leaves: Sequence[Leaf]) -> dict[str, Any] | None:
    """`{"from", "to", "subject", "text", "part", "note", "message_id", "references", "date"}` of
    what was passed on, or None. `note` is what the one who passed it on wrote above it."""
    attached = next((leaf for leaf in leaves if leaf.mime == "message/rfc822"), None)
    if attached is not None:
        return _attached(attached, text)
    return _quoted(text)


def _attached(leaf: Leaf, note: str) -> dict[str, Any] | None:
    message = headers.parsed(leaf.data)
    senders = headers.addresses(message, "From")
    if not senders:
        return None
    date = headers.date(message)
    return {
        "from": senders[0],
        "to": headers.addresses(message, "To", "Cc"),
        "subject": headers.value(message, "Subject")[:500],
        "text": "",
        "part": leaf.number,
        "note": note,
        "message_id": next((ids.external(one) for one in headers.ids(message, "Message-ID")), ""),
        "references": [
            ids.external(one)
            for name in ("References", "In-Reply-To")
            for one in headers.ids(message, name)
        ],
        "date": date.isoformat() if date else None,
    }


def _quoted(text: str) -> dict[str, Any] | None:
    """A block of header fields, with or without the line that announces it."""
    lines = text[:LONGEST].split("\n")
    for at, line in enumerate(lines):
        block = headerblock.header_block(lines, at) if line.strip() else {}
        if not block:
            continue
        found = attribution.SOMEBODY.search(block["from"])
        if found is None:
            return None
        end = int(block["end"])
        above = [one for one in lines[:at] if not dividers.FORWARDED.match(one)]
        return {
            "from": _person(block["from"], found[0]),
            "to": _people(block.get("to", "")),
            "subject": block.get("subject", ""),
            "text": "\n".join(_unmarked(lines[end:])).strip(),
            "part": "",
            "note": "\n".join(one for one in above if not dividers.LINE.match(one)).strip(),
            "message_id": "",
            "references": [],
            "date": None,
        }
    return None


def _person(field: str, found: str) -> dict[str, str]:
    address = headers.address_of(found.removeprefix("<").removeprefix("mailto:").strip("<>"))
    name = encodedwords.header(field.replace(found, "")).strip(" \"'[]()<>*,;")
    return {"address": address, "name": name[:200]}


def _people(field: str) -> list[dict[str, str]]:
    found = [headers.address_of(one[0].strip("<>")) for one in headers.ADDRESS.finditer(field)]
    return [{"address": one, "name": ""} for one in found if one]


def _unmarked(lines: list[str]) -> list[str]:
    """Without quote marks, when every line bears one."""
    written = [line for line in lines if line.strip()]
    if written and all(line.lstrip().startswith(">") for line in written):
        return [line.lstrip().removeprefix(">").removeprefix(" ") for line in lines]
    return lines

"""Entities the server finds by itself in plain text: commands, mentions, tags, addresses."""

from __future__ import annotations

import re

from sandbox.botapi.entities.units import Entity, utf16_length

_TLD = r"(?:com|net|org|info|io|ru|su|рф|me|dev|app|biz|pro|online|shop|site|eu|uk|de|fr|kz|by)"
_WITH_SCHEME = r"https?://[^\s<>\"]+[^\s<>\".,!?;:)]"
_PLAIN = rf"(?<![\w@./-])(?:[\w-]+\.)+{_TLD}\b(?:/[^\s<>\"]*[^\s<>\".,!?;:)])?"
_PATTERNS = (
    ("url", re.compile(f"{_WITH_SCHEME}|{_PLAIN}", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}\b", re.IGNORECASE)),
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z]\w{2,31}\b")),
    ("hashtag", re.compile(r"(?<![\w#/])#(?=\w*[^\W\d])\w{1,256}")),
)
_OPAQUE = frozenset({"pre", "code", "text_link", "text_mention", "custom_emoji"})


def detect(text: str, entities: list[Entity]) -> list[Entity]:
    """New entities outside code and links."""
    taken = [
        range(each["offset"], each["offset"] + each["length"])
        for each in entities
        if each["type"] in _OPAQUE
    ]
    found: list[Entity] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            offset = utf16_length(text[: match.start()])
            place = range(offset, offset + utf16_length(match[0]))
            if not any(_overlap(place, other) for other in taken):
                taken.append(place)
                found.append({"type": kind, "offset": place.start, "length": len(place)})
    return found


def _overlap(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop

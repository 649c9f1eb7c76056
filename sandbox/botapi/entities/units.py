"""UTF-16 arithmetic: the Bot API counts lengths and offsets in UTF-16 code units."""

from __future__ import annotations

from typing import Any

Entity = dict[str, Any]

# Equal ranges are listed from the outermost kind to the innermost.
_RANK = (
    "blockquote",
    "expandable_blockquote",
    "text_link",
    "text_mention",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
)


def utf16_length(text: str) -> int:
    """Length of a text in UTF-16 code units."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def utf16_index(text: str, offset: int) -> int | None:
    """Index of the character at a UTF-16 offset; None inside a character or past the end."""
    at = 0
    for index, char in enumerate(text):
        if at >= offset:
            return index if at == offset else None
        at += 2 if ord(char) > 0xFFFF else 1
    return len(text) if at == offset else None


def byte_offset(text: str, index: int) -> int:
    """Offset in UTF-8 bytes of the character at `index`."""
    return len(text[:index].encode("utf-8", "surrogatepass"))


def in_order(entities: list[Entity]) -> list[Entity]:
    """Entities by offset, the longer first."""
    ranks = {kind: rank for rank, kind in enumerate(_RANK)}
    return sorted(
        entities,
        key=lambda each: (each["offset"], -each["length"], ranks.get(each["type"], len(ranks))),
    )

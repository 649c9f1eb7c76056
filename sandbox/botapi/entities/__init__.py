"""Formatted text: parse modes, given entities, trimming and found entities, as the server does."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.botapi.entities.detect import detect
from sandbox.botapi.entities.html import parse_html
from sandbox.botapi.entities.markdown import parse_markdown
from sandbox.botapi.entities.units import (
    Entity,
    byte_offset,
    in_order,
    utf16_index,
    utf16_length,
)
from sandbox.botapi.errors import bad_request, not_emulated

__all__ = ["Formatted", "format_text", "utf16_length"]

_MAX_BYTES = 1 << 15
_CONTROL = re.compile(r"[\0-\x09\x0b\x0c\x0e-\x1f]")
_INVISIBLE = re.compile(r"[\r\u2028-\u202e]")
_GIVEN = frozenset(
    [
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "blockquote",
        "expandable_blockquote",
    ]
)


@dataclass(slots=True)
class Formatted:
    """A text as it is kept, with its entities (offsets in UTF-16 units)."""

    text: str
    entities: list[Entity]


def format_text(text: str, parse_mode: str | None, entities: list[Entity] | None) -> Formatted:
    """Apply a parse mode or given entities; ApiError 400 when they do not fit the text."""
    if len(text.encode()) > _MAX_BYTES:
        raise bad_request("text is too long")
    mode = (parse_mode or "none").lower()
    if mode == "html":
        text, found = parse_html(text)
    elif mode == "markdownv2":
        text, found = parse_markdown(text)
    elif mode == "markdown":
        raise not_emulated("parse_mode Markdown (legacy); use HTML or MarkdownV2")
    elif mode == "none":
        found = [dict(each) for each in entities or [] if each["type"] in _GIVEN]
        _check(text, found)
    else:
        raise bad_request("unsupported parse_mode")
    return _finish(text, found)


def _check(text: str, entities: list[Entity]) -> None:
    total = utf16_length(text)
    for entity in entities:
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        if not 0 <= begin <= 1_000_000:
            raise bad_request(f"receive an entity with incorrect offset {begin}")
        if not 0 <= entity["length"] <= 1_000_000:
            raise bad_request(f"receive an entity with incorrect length {entity['length']}")
        if begin >= total:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {begin}")
        if end > total:
            raise bad_request(
                f"entity beginning at UTF-16 offset {begin} ends after the end of the text "
                f"at UTF-16 offset {end}"
            )
        _check_borders(text, begin, end)


def _check_borders(text: str, begin: int, end: int) -> None:
    if utf16_index(text, begin) is None:
        at = byte_offset(text, utf16_index(text, begin + 1) or 0)
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {at}")
    if utf16_index(text, end) is None:
        at = byte_offset(text, utf16_index(text, end + 1) or 0)
        raise bad_request(
            f"entity beginning at UTF-16 offset {begin} ends in a middle of a UTF-16 symbol "
            f"at byte offset {at}"
        )


def _finish(text: str, entities: list[Entity]) -> Formatted:
    text = _CONTROL.sub(" ", text)
    for match in reversed(list(_INVISIBLE.finditer(text))):
        _cut(entities, utf16_length(text[: match.start()]), 1)
        text = text[: match.start()] + text[match.end() :]
    text = text.rstrip()
    total = utf16_length(text)
    for entity in entities:
        entity["length"] = min(entity["length"], total - entity["offset"])
    first = min((each["offset"] for each in entities), default=total)
    head = min(len(text) - len(text.lstrip(" \n")), first)
    _cut(entities, 0, head)
    text = text[head:]
    kept = [each for each in entities if each["length"] > 0]
    return Formatted(text, in_order(kept + detect(text, kept)))


def _cut(entities: list[Entity], offset: int, length: int) -> None:
    """Move entities after the removal of `length` units at `offset`."""
    for entity in entities:
        if entity["offset"] > offset or (entity["offset"] == offset and offset == 0):
            entity["offset"] -= length if entity["offset"] >= length else 0
        elif entity["offset"] <= offset < entity["offset"] + entity["length"]:
            entity["length"] -= length

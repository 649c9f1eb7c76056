"""Formatted text as the HTML of a mail. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from crm_core.dialogs.messages import Entity
from crm_core.kernel.text import utf16_offsets

TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
SAFE = ("http://", "https://", "mailto:", "tel:")


def html(text: str, entities: Sequence[Entity]) -> str:
    """The text with its formatting; overlapping pieces are closed and opened anew."""
    offsets = utf16_offsets(text)
    edges = {0, offsets[-1]}
    edges |= {edge for e in entities for edge in (e.offset, e.offset + e.length)}
    places = [(edge, offsets.index(edge)) for edge in sorted(edges) if edge in offsets]
    pieces = []
    for (start, first), (end, last) in pairwise(places):
        over = [e for e in entities if e.offset <= start and end <= e.offset + e.length]
        pieces.append(_wrapped(escape(text[first:last]), over))
    return "".join(pieces).replace("\n", "<br>\n")


def _wrapped(piece: str, over: Sequence[Entity]) -> str:
    for entity in reversed(over):
        if entity.type == "text_link" and (entity.url or "").startswith(SAFE):
            piece = f'<a href="{escape(entity.url or "")}">{piece}</a>'
        elif tag := TAGS.get(entity.type):
            piece = f"<{tag}>{piece}</{tag}>"
    return piece

"""Text measured as messengers measure it: UTF-16 code units, and where it may be cut."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from itertools import accumulate

ZWJ = "\u200d"


def utf16_len(text: str) -> int:
    """Length in UTF-16 code units (an emoji outside the basic plane counts 2)."""
    return len(text) + sum(char > "\uffff" for char in text)


def utf16_offsets(text: str) -> list[int]:
    """UTF-16 offset of every character and of the end: `len(text) + 1` numbers."""
    return list(accumulate((2 if char > "\uffff" else 1 for char in text), initial=0))


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The piece at a UTF-16 span; a character half inside the span is left out."""
    offsets = utf16_offsets(text)
    start = bisect_left(offsets, offset)
    end = bisect_left(offsets, offset + length + 1) - 1
    return text[start : max(start, end)]


def clip_span(offset: int, length: int, start: int, end: int) -> tuple[int, int] | None:
    """The part of a span inside `[start, end)`, counted from `start`; None when nothing is."""
    low, high = max(offset, start), min(offset + length, end)
    return (low - start, high - low) if low < high else None


def joins(text: str, index: int) -> bool:
    """Whether a cut before `text[index]` would break what people see as one character."""
    if not 0 < index < len(text):
        return False
    before, after = text[index - 1], text[index]
    if ZWJ in (before, after) or (before, after) == ("\r", "\n"):
        return True
    return _extends(after) or (_is_flag_half(after) and _flag_halves_before(text, index) % 2 == 1)


def _extends(char: str) -> bool:
    """Combining marks, variation selectors, skin tones, tag characters."""
    if char < "\u0300":
        return False
    return (
        unicodedata.category(char) in {"Mn", "Me", "Mc"}
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, index: int) -> int:
    count = 0
    while count < index and _is_flag_half(text[index - count - 1]):
        count += 1
    return count

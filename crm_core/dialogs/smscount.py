"""How many SMS a text becomes: the GSM 7-bit alphabet, or UCS-2 for everything else. Pure.

Source: 3GPP TS 23.038 (alphabet, extension table) and 23.040 (concatenation).
"""

from __future__ import annotations

from dataclasses import dataclass

ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""A character's place is its septet; 0x1B leads into the extension table."""
EXTENSION = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "["}
EXTENSION |= {0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"}
BASIC = frozenset(ALPHABET) - {"\x1b"}
EXTENDED = frozenset(EXTENSION.values())
GSM_ONE, GSM_MORE = 160, 153
UCS_ONE, UCS_MORE = 70, 67


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """`units` are septets (gsm) or UTF-16 units (ucs2); `parts` SMS that are paid for;
    `room` how many units still fit into the last part."""

    gsm: bool
    units: int
    parts: int
    room: int


def count(text: str) -> Count:
    """The number of parts of a text; an empty text has none."""
    gsm = all(char in BASIC or char in EXTENDED for char in text)
    one, more = (GSM_ONE, GSM_MORE) if gsm else (UCS_ONE, UCS_MORE)
    sizes = [_size(char, gsm) for char in text]
    units = sum(sizes)
    if units <= one:
        parts = 1 if text else 0
        return Count(gsm=gsm, units=units, parts=parts, room=one - units)
    parts, filled = _packed(sizes, more)
    return Count(gsm=gsm, units=units, parts=parts, room=more - filled)


def _size(char: str, gsm: bool) -> int:
    if gsm:
        return 2 if char in EXTENDED else 1
    return 2 if ord(char) > 0xFFFF else 1


def _packed(sizes: list[int], more: int) -> tuple[int, int]:
    """Parts, and what the last one holds: a character of two units is never torn apart."""
    parts, filled = 1, 0
    for size in sizes:
        if filled + size > more:
            parts, filled = parts + 1, 0
        filled += size
    return parts, filled

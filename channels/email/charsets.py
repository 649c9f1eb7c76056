"""Bytes of mails as text, whatever charset they declare. Pure.

Russian mail comes as windows-1251 or koi8-r under any name or none: what is declared is believed
only as far as the bytes bear it out. Nothing here raises.
"""

from __future__ import annotations

import codecs

from channels.email.charsetnames import known
from channels.email.russian import likeness

# Declared by programs that never asked themselves: Cyrillic under these names is usual.
CARELESS = frozenset({"ascii", "iso8859-1", "cp1252", "iso8859-15"})
CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")
PLAUSIBLE = 15


def decode(data: bytes, declared: str | None = None) -> str:
    """Text of `data`; `declared` is what the mail says its charset is."""
    name = known(declared)
    if name is None or (name in CARELESS and not data.isascii()):
        return guess(data, fallback=name or "cp1252")
    if name in CYRILLIC and not data.isascii() and (text := _utf8(data)) is not None:
        return text  # no Russian text of one byte a letter happens to be UTF-8
    try:
        return data.decode(name)
    except (UnicodeError, ValueError):
        return guess(data, fallback=name)


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def guess(data: bytes, *, fallback: str = "cp1252") -> str:
    """Text of bytes nobody vouches for: UTF-8, a Cyrillic charset, or `fallback` with marks."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    if (text := _utf8(data)) is not None:
        return text
    sample = data[:20_000]
    best = max(CYRILLIC, key=lambda name: likeness(sample, name))
    if likeness(sample, best) > PLAUSIBLE:
        return data.decode(best, "replace")
    return data.decode(fallback, "replace")


def escaped(text: str) -> str:
    """Text that may hold raw bytes of an unknown charset."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return guess(text.encode("utf-8", "surrogateescape"))
    return text

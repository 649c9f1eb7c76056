"""Bytes of mails as text: declared charsets, undeclared and wrong ones, encoded words. Pure.

Russian mail comes as windows-1251 or koi8-r under any name or none: what is declared is believed
only as far as the bytes bear it out. Nothing here raises.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterator

# Names under which bytes are sent whose charset the sender did not know.
UNKNOWN = frozenset({"", "unknown-8bit", "x-unknown", "unknown", "none", "default", "8bit", "ansi"})
ALIASES = {
    "win-1251": "cp1251",
    "win1251": "cp1251",
    "windows1251": "cp1251",
    "x-cp1251": "cp1251",
    "cp-1251": "cp1251",
    "koi8": "koi8-r",
    "koi8r": "koi8-r",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf-8-sig": "utf-8",
    "x-mac-cyrillic": "mac-cyrillic",
    "ks_c_5601-1987": "cp949",
}
# Declared by programs that never asked themselves: Cyrillic under these names is usual.
CARELESS = frozenset({"ascii", "iso8859-1", "cp1252", "iso8859-15"})
CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")
# How often letters stand in Russian text, in thousandths.
_THOUSANDTHS = (
    "109 84 79 73 67 62 54 47 45 44 35 32 30 28 26 21 19 17 17 16 16 14 12 10 9 7 6 5 4 3 3 1 1"
)
OFTEN = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        map(int, _THOUSANDTHS.split()),
        strict=True,
    )
)
STRANGE = -120
SHOUT = -40
MIXED = -60
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


def known(declared: str | None) -> str | None:
    """Python's name of a declared charset; None when it means nothing."""
    name = (declared or "").strip().strip("'\"").lower().partition("*")[0]
    if name in UNKNOWN:
        return None
    try:
        found = codecs.lookup(ALIASES.get(name, name))
    except (LookupError, ValueError):
        return None
    # Codecs that do not decode bytes to text (base64, zip) are no charsets.
    return found.name if getattr(found, "_is_text_encoding", True) else None


def guess(data: bytes, *, fallback: str = "cp1252") -> str:
    """Text of bytes nobody vouches for: UTF-8, a Cyrillic charset, or `fallback` with marks."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    if (text := _utf8(data)) is not None:
        return text
    sample = data[:20_000]
    best = max(CYRILLIC, key=lambda name: _russian(sample, name))
    if _russian(sample, best) > PLAUSIBLE:
        return data.decode(best, "replace")
    return data.decode(fallback, "replace")


def _russian(data: bytes, name: str) -> float:
    """How Russian the high half of the bytes looks: mean points of a character."""
    text = data.decode(name, "replace")
    high = [(text[at - 1] if at else " ", char) for at, char in enumerate(text) if char > "\x7f"]
    return sum(_points(before, char) for before, char in high) / max(len(high), 1)


def _points(before: str, char: str) -> int:
    points = OFTEN.get(char.lower())
    if points is None:
        return 0 if char in "«»—–…№’“”\xa0" else STRANGE
    if before.isascii() and before.isalpha():
        return MIXED  # words of one language do not change their alphabet
    # A capital after a small letter: two alphabets that mirror each other's case.
    return points + (SHOUT if char.isupper() and before.islower() else 0)


WORD = re.compile(r"=\?([^?\s]*)\?([BbQq])\?(.*?)\?=", re.DOTALL)


def header(raw: str) -> str:
    """A header as people read it. `raw` may hold undecoded bytes (surrogateescape)."""
    unfolded = re.sub(r"\r?\n[ \t]*", " ", raw)
    text = "".join(_header_pieces(unfolded))
    return " ".join(text.replace("\0", "").split())


def _header_pieces(raw: str) -> Iterator[str]:
    """Plain stretches and runs of encoded words; bytes of a run are joined before decoding.

    Some programs cut a letter of several bytes between two words.
    """
    at, run, charset = 0, b"", ""
    for match in WORD.finditer(raw):
        between = raw[at : match.start()]
        if run and (between.strip() or match[1].lower() != charset):
            yield decode(run, charset)
            run = b""
        if between.strip() or not at:
            yield escaped(between)
        run, charset, at = run + _word_bytes(match), match[1].lower(), match.end()
    if run:
        yield decode(run, charset)
    yield escaped(raw[at:])


def _word_bytes(match: re.Match[str]) -> bytes:
    body = match[3].encode("utf-8", "surrogateescape")
    if match[2] in "Qq":
        return quopri.decodestring(body.replace(b"_", b" "))
    return unbase64(body)


def unbase64(body: bytes) -> bytes:
    """Base64 with whatever is broken about it left out."""
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    try:
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return body


def escaped(text: str) -> str:
    """Text that may hold raw bytes of an unknown charset."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return guess(text.encode("utf-8", "surrogateescape"))
    return text

"""Encoded words of headers (RFC 2047), and base64 as broken as it comes. Pure."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator

from channels.email.charsets import decode, escaped

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

"""winmail.dat, Outlook's own envelope (MS-OXTNEF): the files in it. Pure.

A stream of attributes: level (1 byte), id (4), length (4), data, checksum (2), little-endian.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from channels.email.mapi import BINARY, OBJECT, string, text8, values

SIGNATURE = 0x223E9F78
ATTACHMENT = 2
NAME, DATA, RENDERING, PROPERTIES, CODEPAGE = 0x18010, 0x6800F, 0x69002, 0x69005, 0x69007
LONG_NAME, CONTENT, MIME_TYPE = 0x3707, 0x3701, 0x370E
MOST_FILES = 200


@dataclass(slots=True)
class Inner:
    """A file from the envelope."""

    name: str = ""
    mime: str = ""
    data: bytes = b""


def files(raw: bytes) -> list[Inner]:
    """Files of a TNEF stream; what can't be read any further is left out, nothing is raised."""
    if int.from_bytes(raw[:4], "little") != SIGNATURE:
        return []
    found: list[Inner] = []
    for level, kind, data in _attributes(raw):
        if level != ATTACHMENT or (kind != RENDERING and not found):
            continue
        if kind == RENDERING:
            if len(found) == MOST_FILES:
                break
            found.append(Inner())
        elif kind == NAME:
            found[-1].name = found[-1].name or text8(data)
        elif kind == DATA:
            found[-1].data = data
        elif kind == PROPERTIES:
            _properties(found[-1], data)
    return [one for one in found if one.data or one.name]


def _attributes(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 6
    while at + 9 <= len(raw):
        level = raw[at]
        kind = int.from_bytes(raw[at + 1 : at + 5], "little")
        size = int.from_bytes(raw[at + 5 : at + 9], "little")
        if at + 9 + size > len(raw):
            return
        yield level, kind, raw[at + 9 : at + 9 + size]
        at += size + 11


def _properties(inner: Inner, data: bytes) -> None:
    """MAPI properties of an attachment: its long name, its type, its content."""
    for kind, name, value in values(data):
        if name == LONG_NAME:
            inner.name = string(kind, value) or inner.name
        elif name == MIME_TYPE:
            inner.mime = string(kind, value)
        elif name == CONTENT and kind in {BINARY, OBJECT} and not inner.data:
            inner.data = value

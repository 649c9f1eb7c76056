"""winmail.dat, Outlook's own envelope (MS-OXTNEF): the files in it. Pure.

A stream of attributes: level (1 byte), id (4), length (4), data, checksum (2), little-endian.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from channels.email import charsets

SIGNATURE = 0x223E9F78
ATTACHMENT = 2
NAME, DATA, RENDERING, PROPERTIES, CODEPAGE = 0x18010, 0x6800F, 0x69002, 0x69005, 0x69007
LONG_NAME, CONTENT, MIME_TYPE = 0x3707, 0x3701, 0x370E
# Sizes of MAPI property types whose value has a fixed length; others carry their length.
FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
STRING8, UNICODE, OBJECT, BINARY = 0x1E, 0x1F, 0x0D, 0x102
MULTIPLE = 0x1000
NAMED = 0x8000
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
            found[-1].name = found[-1].name or _text8(data)
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
    for kind, name, value in _values(data):
        if name == LONG_NAME:
            inner.name = _string(kind, value) or inner.name
        elif name == MIME_TYPE:
            inner.mime = _string(kind, value)
        elif name == CONTENT and kind in {BINARY, OBJECT} and not inner.data:
            inner.data = value


def _values(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    reader = _Reader(data)
    for _ in range(min(reader.number(), 1000)):
        kind, name = reader.number(2), reader.number(2)
        if reader.ended:
            return
        if name & NAMED:
            reader.skip_name()
        several = kind & MULTIPLE or kind in {STRING8, UNICODE, OBJECT, BINARY}
        base = kind & ~MULTIPLE
        count = reader.number() if several else 1
        for _ in range(min(count, 1000)):
            if reader.ended:
                return
            value = reader.take(FIXED[base]) if base in FIXED else reader.sized()
            yield base, name, value


def _string(kind: int, value: bytes) -> str:
    if kind == UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    return _text8(value)


def _text8(value: bytes) -> str:
    return charsets.guess(value.split(b"\0")[0], fallback="cp1251")


class _Reader:
    """Little-endian numbers and padded values; past the end everything is empty."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def ended(self) -> bool:
        return self._at >= len(self._data)

    def number(self, size: int = 4) -> int:
        return int.from_bytes(self.take(size, padded=False), "little")

    def take(self, size: int, *, padded: bool = True) -> bytes:
        value = self._data[self._at : self._at + size]
        self._at += size + (-size % 4 if padded else 0)
        return value

    def sized(self) -> bytes:
        return self.take(self.number())

    def skip_name(self) -> None:
        """A named property: its GUID, and a number or a name."""
        self.take(16)
        if self.number():
            self.sized()
        else:
            self.take(4)

"""MAPI properties as TNEF packs them: types, padded values, strings. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from channels.email import charsets

# Sizes of MAPI property types whose value has a fixed length; others carry their length.
FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
STRING8, UNICODE, OBJECT, BINARY = 0x1E, 0x1F, 0x0D, 0x102
MULTIPLE = 0x1000
NAMED = 0x8000


def values(data: bytes) -> Iterator[tuple[int, int, bytes]]:
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


def string(kind: int, value: bytes) -> str:
    if kind == UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    return text8(value)


def text8(value: bytes) -> str:
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

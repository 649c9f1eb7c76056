"""Sound of a stream of packets put in order by their time stamps (thread-safe)."""

from __future__ import annotations

import threading

SAMPLE = 2  # bytes
LONGEST = 30 * 8000 * SAMPLE  # what is kept when nobody reads
JUMP = 2 * 8000  # samples: a larger gap is a new source with its own clock


class Sound:
    """16-bit sound: gaps become silence, late packets find their place, nothing grows."""

    def __init__(self) -> None:
        self._bytes, self._next = bytearray(), -1
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._bytes)

    def take(self, most: int = LONGEST) -> bytes:
        """What is there, up to `most` bytes."""
        with self._lock:
            taken = bytes(self._bytes[:most])
            del self._bytes[:most]
        return taken

    def add(self, pcm: bytes) -> None:
        with self._lock:
            self._bytes += pcm

    def clear(self) -> None:
        with self._lock:
            self._bytes.clear()

    def write(self, offset: int, data: bytes) -> None:
        """A packet: `offset` is its time stamp in samples."""
        with self._lock:
            gap = 0 if self._next < 0 else ((offset - self._next + 2**31) % 2**32) - 2**31
            gap = 0 if abs(gap) > JUMP else gap
            if gap >= 0:
                self._bytes += b"\0" * (gap * SAMPLE) + data
                self._next = (offset + len(data) // SAMPLE) % 2**32
            else:
                self._insert(len(self._bytes) + gap * SAMPLE, data)
            del self._bytes[: max(0, len(self._bytes) - LONGEST)]

    def _insert(self, at: int, data: bytes) -> None:
        if at >= 0:
            fits = data[: len(self._bytes) - at]
            self._bytes[at : at + len(fits)] = fits

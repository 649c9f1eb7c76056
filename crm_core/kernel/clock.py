"""The only source of time: aware, UTC, replaceable in tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class Clock:
    """Wall time plus a shift that tests move."""

    def __init__(self) -> None:
        self._shift = timedelta()
        self._frozen: datetime | None = None

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        base = self._frozen or datetime.now(UTC)  # noqa: TID251 - the one place
        return base + self._shift

    def advance(self, delta: timedelta) -> None:
        """Move time on (tests)."""
        self._shift += delta

    @contextmanager
    def frozen(self, at: datetime) -> Iterator[None]:
        """Stand still at `at` (tests); `advance` still moves it."""
        before = (self._frozen, self._shift)
        self._frozen, self._shift = at, timedelta()
        try:
            yield
        finally:
            self._frozen, self._shift = before


_clock = Clock()
now = _clock.now
advance = _clock.advance
frozen = _clock.frozen

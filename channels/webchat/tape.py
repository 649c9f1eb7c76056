"""What a connected visitor has been shown so far, and from where to look again. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from channels.webchat.render import files_of, shown
from crm_core.kernel.db import Row

CURSOR = re.compile(r"(\d{1,18})(?:-(\d{1,15}))?")
# Transactions may become visible in another order than their ids and times were drawn.
OVERLAP = timedelta(seconds=30)
# How long a message that failed holds the cursor back, in case it is sent again.
PATIENCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything up to row `id` is settled; changes up to `at` were looked for."""

    id: int
    at: datetime

    @property
    def since(self) -> datetime:
        return self.at - OVERLAP

    def __str__(self) -> str:
        return f"{self.id}-{int(self.at.timestamp() * 1000)}"


def cursor(text: str, now: datetime) -> Cursor:
    """A cursor as the widget gives it back, or a bare row id; anything else: from now on."""
    found = CURSOR.fullmatch(text)
    if found is None:
        return Cursor(0, now)
    when = min(int(found[2]) / 1000, now.timestamp()) if found[2] else now.timestamp()
    return Cursor(int(found[1]), datetime.fromtimestamp(when, UTC))


@dataclass(slots=True)
class Tape:
    """One connection's memory: a row is shown once per version."""

    cursor: Cursor
    waiting: bool = False
    _seen: dict[int, tuple[datetime | None, int]] = field(default_factory=dict)

    def take(self, rows: Sequence[Row], now: datetime) -> list[Row]:
        """Rows that are new to the visitor; moves the cursor on. `waiting`: some will follow."""
        fresh = [row for row in rows if shown(row) and self._is_new(row)]
        hidden = [row for row in rows if not shown(row) and now - row["created_at"] < PATIENCE]
        newest = max((row["id"] for row in rows), default=self.cursor.id)
        settled = min((row["id"] for row in hidden), default=newest + 1) - 1
        self.waiting = any(row["status"] == "queued" for row in hidden)
        self.cursor = Cursor(max(self.cursor.id, settled) if not hidden else settled, now)
        return fresh

    def _is_new(self, row: Row) -> bool:
        version = (row["edited_at"], sum(bool(one["sha"]) for one in files_of(row)))
        if self._seen.get(row["id"], ()) == version:
            return False
        self._seen[row["id"]] = version
        return True

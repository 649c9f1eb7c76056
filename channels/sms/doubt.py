"""Packets whose "taken" the server may not have heard before the line broke: they come again.

SMPP gives incoming SMS no number, and people do write the same word twice: only what was stored
shortly before a new line was bound, and comes again at its beginning, is the same one.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta

from crm_core.kernel import clock, db

BEFORE = timedelta(minutes=2)
BEGINNING_SECONDS = 60.0
RECENT = """
SELECT key FROM raw_event WHERE channel_id = $1 AND received_at > $2 AND key LIKE 'sm:%'
  AND id > (SELECT coalesce(max(id), 0) - 5000 FROM raw_event)
"""


class Doubt:
    """What may come again on one line; made when the line was bound."""

    def __init__(self, digests: Counter[str]) -> None:
        self._digests = digests
        self._until = time.monotonic() + BEGINNING_SECONDS

    @classmethod
    async def of(cls, channel_id: int) -> Doubt:
        rows = await db.fetch(RECENT, channel_id, clock.now() - BEFORE)
        return cls(Counter(row["key"].rpartition(":")[0] for row in rows))

    def is_again(self, digest: str) -> bool:
        """Whether this packet was stored already; true once for each time it was."""
        if time.monotonic() > self._until or not self._digests[digest]:
            return False
        self._digests[digest] -= 1
        return True


def fresh_key(digest: str) -> str:
    """A key nothing else has."""
    return f"{digest}:{time.time_ns()}"

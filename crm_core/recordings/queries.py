"""Reading recordings: what became of a call's recording, who has listened, how long they stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson

from crm_core.kernel import db
from crm_core.recordings.rules import Retention

RULE = "recordings.retention"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingView:
    """A call's recording; see crm_core.recordings.models for the states. `sha` names the copy
    that phones play, `bars` its picture (heights of 0..100)."""

    call_id: int
    client_id: int | None
    state: str
    sha: str | None
    size: int | None
    duration_ms: int | None
    bars: tuple[int, ...]
    reason: str | None
    made_at: datetime

    @property
    def seconds(self) -> int:
        return round((self.duration_ms or 0) / 1000)


VIEWS = """
SELECT r.call_id, c.client_id, r.state, r.sha, r.size, r.duration_ms, r.bars, r.reason, r.made_at
FROM call_recording r JOIN call c ON c.id = r.call_id WHERE r.call_id = $1
"""


async def recording_of(call_id: int) -> RecordingView | None:
    """None when there is nothing to expect: nobody spoke, or the PBX does not record."""
    row = await db.fetchrow(VIEWS, call_id)
    if row is None:
        return None
    bars = tuple(orjson.loads(row["bars"])) if row["bars"] else ()
    return RecordingView(**(dict(row) | {"bars": bars}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listened:
    """Somebody has opened a recording."""

    actor: str
    name: str | None
    at: datetime


LISTENED = """
SELECT a.actor, e.name, a.at FROM recording_access a LEFT JOIN employee e ON e.id = a.employee_id
WHERE a.call_id = $1 ORDER BY a.at DESC, a.id DESC LIMIT $2
"""


async def listened(call_id: int, *, limit: int = 50) -> list[Listened]:
    """Who has listened, the latest first."""
    return [Listened(**row) for row in await db.fetch(LISTENED, call_id, limit)]


async def retention() -> Retention:
    """The rule in force."""
    kept = await db.fetchval("SELECT value FROM setting WHERE key = $1", RULE)
    return Retention.of(orjson.loads(kept) if kept else None)

"""How channel accounts are doing: last heard, last sent, what waits, what is wrong."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from crm_core.kernel import clock, db
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

Way = Literal["in", "out"]
EVERY = timedelta(seconds=5)
OFF = N_("Switched off: nothing comes in, answers wait. Switch it on when it is needed.")
BROKEN = N_("It does not work until this is mended; answers wait and leave by themselves.")
SILENT = N_("Works. Nothing has come or gone yet: write to it from outside to try it.")
WORKS = N_("Works.")

_noted: dict[tuple[int, Way], datetime] = {}

NOTE = {
    "in": """
INSERT INTO channel_health (channel_id, last_in_at) SELECT unnest($1::bigint[]), $2
ON CONFLICT (channel_id) DO UPDATE
SET last_in_at = greatest(channel_health.last_in_at, excluded.last_in_at)
""",
    "out": """
INSERT INTO channel_health (channel_id, last_out_at) SELECT unnest($1::bigint[]), $2
ON CONFLICT (channel_id) DO UPDATE
SET last_out_at = greatest(channel_health.last_out_at, excluded.last_out_at)
""",
}


async def note(channel_ids: Collection[int], way: Way) -> None:
    """Something came in or went out; written at most every few seconds per account.

    A sign of life only: call it outside of transactions that matter.
    """
    now = clock.now()
    due = [one for one in sorted(channel_ids) if one and _is_due(one, way, now)]
    if due:
        _noted.update({(one, way): now for one in due})
        with suppress(*db.AWAY, *db.AGAIN):
            await db.execute(NOTE[way], due, now)


def _is_due(channel_id: int, way: Way, now: datetime) -> bool:
    last = _noted.get((channel_id, way))
    return last is None or not last <= now < last + EVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """An account as an admin looks at it. `waiting` parts to be sent, `failed` events that could
    not be understood (`pult replay`), `reason` why it is broken (a msgid)."""

    id: int
    kind: str
    name: str
    active: bool
    reason: str | None
    last_in_at: datetime | None
    last_out_at: datetime | None
    waiting: int
    failed: int

    @property
    def state(self) -> Literal["off", "broken", "on"]:
        if not self.active:
            return "off"
        return "broken" if self.reason else "on"

    def advice(self) -> str:
        """What there is to do, in the language in force."""
        if self.state == "off":
            return _(OFF)
        if self.reason:
            return f"{_(self.reason)} {_(BROKEN)}"
        return _(WORKS if self.last_in_at or self.last_out_at else SILENT)

    def facts(self) -> dict[str, Any]:
        """As JSON: moments in ISO 8601, state and advice in words."""
        found = asdict(self) | {"state": self.state, "advice": self.advice()}
        moments = ("last_in_at", "last_out_at")
        return found | {name: found[name] and found[name].isoformat() for name in moments}


ALL = """
SELECT c.id, c.kind, c.name, c.active, c.broken AS reason, h.last_in_at, h.last_out_at,
  (SELECT count(*) FROM outbox o WHERE o.lane = 'channel:' || c.id
    AND o.state = 'queued') AS waiting,
  (SELECT count(*) FROM raw_event r WHERE r.channel_id = c.id AND r.state = 'failed') AS failed
FROM channel c LEFT JOIN channel_health h ON h.channel_id = c.id
WHERE c.kind <> 'removed' AND ($1::bigint IS NULL OR c.id = $1) ORDER BY c.id
"""


async def health(channel_id: int | None = None) -> list[Health]:
    """All accounts, or one."""
    return [Health(**dict(row)) for row in await db.fetch(ALL, channel_id)]

"""All clients anew when the admin changes the rules, and those whose time has come: in batches.

Each batch is a transaction of its own and says in its timer where the next one begins, so that a
crash goes on where it stood.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm_core.clients.standing.keeping import refresh
from crm_core.clients.standing.queries import policy
from crm_core.kernel import clock, db
from crm_core.kernel.timers import Fire, set_timer

ALL, DUE = "standing.all", "standing.due"
KEY = "clients"
BATCH = 500
ROUND = timedelta(minutes=10)

NEXT = """
SELECT id FROM client WHERE id > $1 AND merged_into_id IS NULL ORDER BY id LIMIT $2
"""
RIPE = """
SELECT id FROM client WHERE standing_due_at <= $1 AND merged_into_id IS NULL
ORDER BY standing_due_at LIMIT $2
"""


async def begin() -> None:
    """The rules have changed: everybody is looked at anew once this commits."""
    now = clock.now()
    await set_timer(ALL, KEY, now, after=0)
    if (await policy()).timed:
        await set_timer(DUE, KEY, now + ROUND)


async def on_all(_key: str, data: dict[str, Any]) -> None:
    """The next batch of all clients."""
    rows = await db.fetch(NEXT, data["after"], BATCH)
    await refresh([row["id"] for row in rows])
    if len(rows) == BATCH:
        await set_timer(ALL, KEY, clock.now(), after=rows[-1]["id"])


async def on_due(_key: str, _data: dict[str, Any]) -> None:
    """Those of whom time alone may have made something else; found by an index."""
    now = clock.now()
    rows = await db.fetch(RIPE, now, BATCH)
    await refresh([row["id"] for row in rows])
    if len(rows) == BATCH:
        await set_timer(DUE, KEY, now)
    elif (await policy()).timed:
        await set_timer(DUE, KEY, now + ROUND)


TIMERS: dict[str, Fire] = {ALL: on_all, DUE: on_due}

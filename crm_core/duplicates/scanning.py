"""The background scan: whatever was touched is looked at once, all cards after an upgrade.

`client_due` is filled by triggers in the transaction of the change. Any number of processes may
scan: rows are claimed, and what a killed one had claimed is claimed again.
"""

from __future__ import annotations

import asyncio

from crm_core.duplicates import matching, pairs
from crm_core.duplicates.pairs import Ids
from crm_core.duplicates.reasons import Match
from crm_core.kernel import db

BATCH, POLL = 300, 1.0

# What has just been touched goes before the walk through all cards.
TAKE = """
DELETE FROM client_due WHERE id = ANY(ARRAY(
  SELECT id FROM client_due ORDER BY later, id LIMIT $1 FOR UPDATE SKIP LOCKED))
RETURNING client_id, later
"""


async def run() -> None:
    """One of any number of workers, for ever."""
    while True:
        if not await step():
            await asyncio.sleep(POLL)


async def drain() -> int:
    """Scan until nothing is due (tests, one-off commands); returns how many cards it were."""
    done = 0
    while taken := await step():
        done += taken
    return done


async def step(batch: int = BATCH) -> int:
    """Look at one batch; returns how many cards it held."""
    return await db.atomically(lambda: _step(batch))


async def _step(batch: int) -> int:
    rows = await db.fetch(TAKE, batch)
    touched = {row["client_id"] for row in rows if not row["later"]}
    if touched:
        await look(sorted(touched))
    walked = {row["client_id"] for row in rows} - touched
    if walked:
        await look(sorted(walked), older=True)
    return len(rows)


async def look(client_ids: list[int], *, older: bool = False) -> int:
    """Propose what is likely of these cards, withdraw what no longer is; how many are news.

    `older` is for the walk through all: of each pair the younger card finds the other.
    """
    found: dict[Ids, Match] = {}
    for client_id, twins in (await matching.of_clients(client_ids, older=older)).items():
        for twin in twins:
            if twin.match.likely:
                found[pairs.ordered(client_id, twin.client_id)] = twin.match
    doubtful = [pair for pair in await pairs.open_of(client_ids) if pair not in found]
    again = await matching.rescored(doubtful)
    # A pair whose key has become too common to search by stays while the rules still hold it.
    await pairs.withdraw([pair for pair, match in again.items() if not match.likely])
    return await pairs.put(found)

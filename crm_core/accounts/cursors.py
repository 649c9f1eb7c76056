"""Where the reading of a channel stands: small facts that survive restarts."""

from __future__ import annotations

from typing import Any

import orjson

from crm_core.kernel import db

WRITE = """
INSERT INTO channel_cursor (channel_id, name, data) VALUES ($1, $2, $3::jsonb)
ON CONFLICT (channel_id, name) DO UPDATE SET data = excluded.data
"""


async def read(channel_id: int, name: str) -> dict[str, Any] | None:
    """The facts kept under a name; None when there are none."""
    found = await db.fetchval(
        "SELECT data FROM channel_cursor WHERE channel_id = $1 AND name = $2", channel_id, name
    )
    return None if found is None else dict(orjson.loads(found))


async def write(channel_id: int, name: str, data: dict[str, Any]) -> None:
    """Replace the facts kept under a name."""
    await db.execute(WRITE, channel_id, name, orjson.dumps(data).decode())


async def known(channel_id: int, keys: list[str]) -> set[str]:
    """Which of these raw events are kept already."""
    rows = await db.fetch(
        "SELECT key FROM raw_event WHERE channel_id = $1 AND key = ANY($2::text[])",
        channel_id,
        keys,
    )
    return {row["key"] for row in rows}

"""View memory: what a screen must find again after a restart; small JSON by (view, key)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from crm_core.kernel import clock, db

PUT = """
INSERT INTO view_memory (view, key, data, at) VALUES ($1, $2, $3::jsonb, $4)
ON CONFLICT (view, key) DO UPDATE SET data = excluded.data, at = excluded.at
"""


async def put(view: str, key: str, data: dict[str, Any]) -> None:
    await db.execute(PUT, view, key, orjson.dumps(data).decode(), clock.now())


async def get(view: str, key: str) -> dict[str, Any] | None:
    found = await db.fetchval(
        "SELECT data FROM view_memory WHERE view = $1 AND key = $2", view, key
    )
    return None if found is None else dict(orjson.loads(found))


async def several(view: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Those of the keys that are remembered."""
    rows = await db.fetch(
        "SELECT key, data FROM view_memory WHERE view = $1 AND key = ANY($2::text[])", view, keys
    )
    return {row["key"]: dict(orjson.loads(row["data"])) for row in rows}


async def drop(view: str, key: str) -> None:
    await db.execute("DELETE FROM view_memory WHERE view = $1 AND key = $2", view, key)


async def find(view: str, prefix: str) -> dict[str, dict[str, Any]]:
    """All entries of a view whose key begins with `prefix`."""
    rows = await db.fetch(
        "SELECT key, data FROM view_memory WHERE view = $1 AND starts_with(key, $2)", view, prefix
    )
    return {row["key"]: dict(orjson.loads(row["data"])) for row in rows}

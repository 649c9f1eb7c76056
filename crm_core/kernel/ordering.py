"""Rows that an admin puts in order by hand: `position`, then `id`."""

from __future__ import annotations

from crm_core.kernel import db

# Who moves rows of one table waits for whoever does: positions are given anew.
LOCK = 0x4F524445


async def shift(table: str, row_id: int, *, up: bool, among: str = "true") -> None:
    """Swap a row with its neighbour. `table` and `among`, a condition, are the caller's words."""
    await db.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    rows = await db.fetch(f"SELECT id FROM {table} WHERE {among} ORDER BY position, id")  # noqa: S608
    ids = [row["id"] for row in rows]
    if row_id not in ids:
        return
    at = ids.index(row_id)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(ids):
        return
    ids[at], ids[to] = ids[to], ids[at]
    statement = (
        f"UPDATE {table} t SET position = u.place"  # noqa: S608
        " FROM unnest($1::bigint[]) WITH ORDINALITY AS u(id, place)"
        " WHERE t.id = u.id AND t.position <> u.place"
    )
    await db.execute(statement, ids)

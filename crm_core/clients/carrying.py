"""What a merge carries along beside plain rows: contacts, requisites, classification
and links.

Of these a card has one of a kind, so what the kept card has already stays with the folded one, out
of sight, and comes into sight when the kept card loses its own by an undo. What was moved is
added to the merge's record under the table's name.
"""

from __future__ import annotations

import orjson

from crm_core.clients import linkcarrying
from crm_core.kernel import db

Moved = dict[str, list[int]]

CONTACTS = """
WITH lifted AS (
  SELECT p.id, p.preferred AND EXISTS (SELECT 1 FROM contact_point k
    WHERE k.client_id = $1 AND k.kind = p.kind AND k.preferred) AS loses
  FROM contact_point p WHERE p.client_id = $2 AND NOT EXISTS (SELECT 1 FROM contact_point k
    WHERE k.client_id = $1 AND k.kind = p.kind AND k.value = p.value))
UPDATE contact_point p SET client_id = $1, preferred = p.preferred AND NOT l.loses
FROM lifted l WHERE p.id = l.id RETURNING p.id, l.loses
"""
# What else a card has once, and what makes two rows the same.
ONCE = {
    "client_requisites": "true",
    "client_item": "k.item_id = p.item_id",
    "primary_interest": "true",
}
LIFT = """
UPDATE {table} p SET client_id = $1 WHERE p.client_id = $2 AND NOT EXISTS (
  SELECT 1 FROM {table} k WHERE k.client_id = $1 AND {same}) RETURNING p.id
"""


async def lift(merge_id: int, kept_id: int, gone_id: int) -> None:
    """Carry to the kept card what it lacks of the folded one, and write down what was."""
    contacts = await db.fetch(CONTACTS, kept_id, gone_id)
    once = {
        table: await db.fetch(LIFT.format(table=table, same=same), kept_id, gone_id)
        for table, same in ONCE.items()
    }
    await _add(
        merge_id,
        {
            "contact_point": sorted(row["id"] for row in contacts),
            "contact_point.preferred": sorted(row["id"] for row in contacts if row["loses"]),
            **{table: sorted(row["id"] for row in rows) for table, rows in once.items()},
            **await linkcarrying.lift(kept_id, gone_id),
        },
    )


async def _add(merge_id: int, found: Moved) -> None:
    if not any(found.values()):
        return
    read = "SELECT moved FROM client_merge WHERE id = $1 FOR UPDATE"
    moved: Moved = orjson.loads(await db.fetchval(read, merge_id))
    for name, ids in found.items():
        moved[name] = moved.get(name, []) + ids
    keep = "UPDATE client_merge SET moved = $2::jsonb WHERE id = $1"
    await db.execute(keep, merge_id, orjson.dumps(moved).decode())


# Whoever was made the preferred one meanwhile yields to the folded card's own, in sight again.
YIELD = """
UPDATE contact_point p SET preferred = false WHERE p.id = ANY($2::bigint[]) AND p.preferred
  AND EXISTS (SELECT 1 FROM contact_point g
    WHERE g.client_id = $1 AND g.kind = p.kind AND g.preferred)
"""
REGAIN = """
UPDATE contact_point p SET preferred = true WHERE p.id = ANY($2::bigint[]) AND p.client_id = $1
  AND NOT EXISTS (SELECT 1 FROM contact_point g
    WHERE g.client_id = $1 AND g.kind = p.kind AND g.preferred)
"""
BACK = "UPDATE {table} SET client_id = $1 WHERE client_id = $2 AND id = ANY($3::bigint[])"


async def give_back(moved: Moved, kept_id: int, gone_id: int) -> None:
    """Everything a merge carried goes back to the folded card."""
    await db.execute(YIELD, gone_id, moved.get("contact_point", []))
    for table in ("contact_point", *ONCE):
        await db.execute(BACK.format(table=table), gone_id, kept_id, moved.get(table, []))
    await db.execute(REGAIN, gone_id, moved.get("contact_point.preferred", []))
    await linkcarrying.give_back(moved, kept_id, gone_id)


STANDING = """
SELECT id, kept_id, gone_id FROM client_merge
WHERE kept_id = $1 AND undone_at IS NULL ORDER BY id
"""


async def uncover(kept_id: int, gone_id: int) -> None:
    """What left may have hidden the same of other cards merged here, or of people merged."""
    standing = list(await db.fetch(STANDING, kept_id))
    for row in [*standing, *await linkcarrying.hiding(kept_id, gone_id)]:
        await lift(row["id"], row["kept_id"], row["gone_id"])

"""Links of people and companies in a merge: either side may be the card that is folded.

A link to the kept card itself, and one the kept card has already, stay where they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.kernel import db

SIDES = (("company_id", "person_id"), ("person_id", "company_id"))
MAIN, HEIRS = "client_link.main", "client_link.heirs"

ROWS = "SELECT id, is_main FROM client_link WHERE {side} = $1 ORDER BY id"
# One by one: each sees where the one before it has gone.
MOVE = """
UPDATE client_link l SET {side} = $2, is_main = (l.is_main OR $4) AND l.until IS NULL
  AND NOT EXISTS (SELECT 1 FROM client_link m WHERE m.is_main AND m.id <> l.id
    AND m.company_id = {company})
WHERE l.id = $1 AND l.{side} = $3 AND l.{other} <> $2 AND (l.until IS NOT NULL OR NOT EXISTS (
  SELECT 1 FROM client_link d WHERE d.{side} = $2 AND d.{other} = l.{other} AND d.until IS NULL))
RETURNING l.is_main
"""
MOVES = {
    side: MOVE.format(
        side=side, other=other, company="$2" if side == "company_id" else "l.company_id"
    )
    for side, other in SIDES
}


# Of two cards of one person in a company one was the main contact: the one that stays is it now.
STEP_DOWN = """
UPDATE client_link SET is_main = false WHERE id = $1 AND is_main RETURNING company_id
"""
INHERIT = """
UPDATE client_link SET is_main = true
WHERE company_id = $1 AND person_id = $2 AND until IS NULL RETURNING id
"""


async def lift(kept_id: int, gone_id: int) -> dict[str, list[int]]:
    """Move the folded card's links; by side the ids of those moved, who is main no more, and
    pairs (hidden link, its heir as the main one)."""
    moved: dict[str, list[int]] = {MAIN: [], HEIRS: []}
    for side, _ in SIDES:
        ids = moved.setdefault(f"client_link.{side}", [])
        for row in await db.fetch(ROWS.format(side=side), gone_id):
            now = await db.fetchrow(MOVES[side], row["id"], kept_id, gone_id, row["is_main"])
            if now is None and side == "person_id" and row["is_main"]:
                moved[HEIRS] += await _inherit(row["id"], kept_id)
            if now is None:
                continue
            ids.append(row["id"])
            if row["is_main"] and not now["is_main"]:
                moved[MAIN].append(row["id"])
    return moved


async def _inherit(link_id: int, person_id: int) -> list[int]:
    company = await db.fetchval(STEP_DOWN, link_id)
    return [link_id, await db.fetchval(INHERIT, company, person_id)]


async def give_back(moved: dict[str, list[int]], kept_id: int, gone_id: int) -> None:
    """Move them back; whoever was the main contact is so again unless there is another one."""
    heirs = moved.get(HEIRS, [])
    for link_id, heir in zip(heirs[::2], heirs[1::2], strict=True):
        if await db.fetchval(STEP_DOWN, heir) is not None:
            await db.execute("UPDATE client_link SET is_main = true WHERE id = $1", link_id)
    was_main = set(moved.get(MAIN, []))
    for side, _ in SIDES:
        for link_id in moved.get(f"client_link.{side}", []):
            await db.fetchrow(MOVES[side], link_id, gone_id, kept_id, link_id in was_main)


# Merges whose folded card still has links with one of these cards, or with cards folded into them.
HIDING = """
WITH near AS (
  SELECT unnest($1::bigint[]) AS id
  UNION SELECT gone_id FROM client_merge WHERE kept_id = ANY($1::bigint[]) AND undone_at IS NULL)
SELECT DISTINCT m.id, m.kept_id, m.gone_id
FROM near n JOIN client_link l ON n.id IN (l.company_id, l.person_id)
JOIN client_merge m ON m.gone_id IN (l.company_id, l.person_id) AND m.undone_at IS NULL
JOIN client k ON k.id = m.kept_id AND k.merged_into_id IS NULL
ORDER BY m.id
"""


async def hiding(*client_ids: int) -> Sequence[db.Row]:
    """{id, kept_id, gone_id} of merges that may have to carry links anew after an undo."""
    return await db.fetch(HIDING, client_ids)


# Cards of two kinds can't stand for one another while people are linked to the folded one.
LIVE = """
SELECT EXISTS (SELECT 1 FROM client_link
  WHERE (company_id = $1 OR person_id = $1) AND until IS NULL)
"""


async def has_links(client_id: int) -> bool:
    """Whether somebody is linked to this card now."""
    return bool(await db.fetchval(LIVE, client_id))

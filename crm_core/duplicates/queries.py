"""Reading proposals: those of a card, and all open ones, the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from crm_core.clients.access import readable, seen_by, visible
from crm_core.duplicates.pairs import whys_of
from crm_core.duplicates.reasons import Why
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An open proposal; `one` is the card asked about, else the older one."""

    id: int
    one_id: int
    one_name: str
    two_id: int
    two_name: str
    two_kind: str
    score: int
    whys: tuple[Why, ...]


# Cards merged away are not shown, whatever was proposed of them.
COLUMNS = """
SELECT p.id, a.id AS one_id, a.name AS one_name, b.id AS two_id, b.name AS two_name,
  b.kind AS two_kind, p.score, p.reasons
"""
OF_CLIENT = f"""{COLUMNS}
FROM (SELECT *, high_id AS other FROM duplicate_pair WHERE low_id = $1 AND state = 'open'
  UNION ALL SELECT *, low_id FROM duplicate_pair WHERE high_id = $1 AND state = 'open') p
JOIN client a ON a.id = $1 JOIN client b ON b.id = p.other AND b.merged_into_id IS NULL
ORDER BY p.score DESC, p.id LIMIT $2
"""
OPEN = f"""{COLUMNS}
FROM duplicate_pair p JOIN client a ON a.id = p.low_id AND a.merged_into_id IS NULL
JOIN client b ON b.id = p.high_id AND b.merged_into_id IS NULL
WHERE p.state = 'open' AND {{both}} ORDER BY p.score DESC, p.id DESC LIMIT $3 OFFSET $4
"""
COUNT = """
SELECT count(*) FROM duplicate_pair p JOIN client a ON a.id = p.low_id AND a.merged_into_id IS NULL
JOIN client b ON b.id = p.high_id AND b.merged_into_id IS NULL
WHERE p.state = 'open' AND {both}
"""


async def of_client(actor: Actor, client_id: int, *, limit: int = 7) -> list[Proposal]:
    """Whom this card may be as well, the surest first; nothing for those who may not merge."""
    if not actor.may(Right.CLIENT_MERGE):
        return []
    found = _proposals(await db.fetch(OF_CLIENT, client_id, limit))
    seen = set(await readable(actor, [one.two_id for one in found]))
    return [one for one in found if one.two_id in seen]


async def proposals(actor: Actor, *, limit: int = 7, offset: int = 0) -> tuple[list[Proposal], int]:
    """A page of all open proposals, the surest first, and how many there are."""
    actor.require(Right.CLIENT_MERGE)
    sql = OPEN.format(both=_both(actor))
    rows = await db.fetch(sql, *seen_by(actor), limit, offset)
    return _proposals(rows), await count(actor)


def _both(actor: Actor) -> str:
    """Both cards are for this person's eyes."""
    return " AND ".join(visible(actor, "$1", "$2", client=one) for one in ("a", "b"))


async def count(actor: Actor) -> int:
    """How many proposals are open; none for those who may not merge."""
    if not actor.may(Right.CLIENT_MERGE):
        return 0
    total: int = await db.fetchval(COUNT.format(both=_both(actor)), *seen_by(actor))
    return total


async def proposal(actor: Actor, pair_id: int) -> Proposal | None:
    """An open proposal by its number."""
    actor.require(Right.CLIENT_MERGE)
    found = _proposals(await db.fetch(ONE, pair_id))
    return found[0] if found else None


ONE = OPEN.replace("{both} ORDER", "p.id = $1 ORDER").replace("LIMIT $3 OFFSET $4", "")


def _proposals(rows: Sequence[db.Row]) -> list[Proposal]:
    return [
        Proposal(**{key: row[key] for key in set(row.keys()) - {"reasons"}}, whys=_whys(row))
        for row in rows
    ]


def _whys(row: db.Row) -> tuple[Why, ...]:
    return whys_of(orjson.loads(row["reasons"]))

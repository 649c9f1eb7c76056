"""The rows of proposals: put, withdrawn, in step with merges. Raw statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson

from crm_core.duplicates.events import DuplicateProposed
from crm_core.duplicates.reasons import Match, Why
from crm_core.kernel import clock, db
from crm_core.kernel.journal import emit

Ids = tuple[int, int]

# A dismissed pair comes back only for a reason nobody has looked at; an open one is brought up to
# date. What was open already is no news.
PUT = """
INSERT INTO duplicate_pair AS p (low_id, high_id, score, reasons, found_at)
SELECT l, h, s, r::jsonb, $5
FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[]) AS u(l, h, s, r)
ORDER BY l, h
ON CONFLICT (low_id, high_id) DO UPDATE
SET score = excluded.score, reasons = excluded.reasons, state = 'open',
  found_at = CASE WHEN p.state = 'open' THEN p.found_at ELSE excluded.found_at END,
  decided_at = NULL, decided_by = NULL
WHERE (p.state = 'open' AND (p.score, p.reasons) <> (excluded.score, excluded.reasons))
  OR (p.state = 'dismissed' AND NOT excluded.reasons <@ p.known)
RETURNING id, low_id, high_id, score, reasons, found_at = $5 AS fresh
"""


async def put(found: Mapping[Ids, Match]) -> int:
    """Write down likely pairs; returns how many are news."""
    if not found:
        return 0
    order = sorted(found)
    rows = await db.fetch(
        PUT,
        [low for low, _ in order],
        [high for _, high in order],
        [found[pair].score for pair in order],
        [orjson.dumps([why.key for why in found[pair].whys]).decode() for pair in order],
        clock.now(),
    )
    news = [row for row in rows if row["fresh"]]
    await emit(*(_proposed(row) for row in news))
    return len(news)


def _proposed(row: db.Row) -> DuplicateProposed:
    return DuplicateProposed(
        client_id=row["high_id"],
        pair_id=row["id"],
        other_id=row["low_id"],
        score=row["score"],
        reasons=orjson.loads(row["reasons"]),
    )


async def open_of(client_ids: Sequence[int]) -> list[Ids]:
    """Open proposals these cards stand in."""
    rows = await db.fetch(OPEN_OF, client_ids)
    return [(row["low_id"], row["high_id"]) for row in rows]


OPEN_OF = """
SELECT low_id, high_id FROM duplicate_pair WHERE state = 'open' AND low_id = ANY($1::bigint[])
UNION SELECT low_id, high_id FROM duplicate_pair
WHERE state = 'open' AND high_id = ANY($1::bigint[])
"""
WITHDRAW = """
DELETE FROM duplicate_pair p USING unnest($1::bigint[], $2::bigint[]) AS u(l, h)
WHERE p.low_id = u.l AND p.high_id = u.h AND p.state = 'open'
"""


async def withdraw(gone: Sequence[Ids]) -> None:
    """Nothing speaks for these any more, and nobody has decided."""
    if gone:
        await db.execute(WITHDRAW, [low for low, _ in gone], [high for _, high in gone])


DISMISS = """
INSERT INTO duplicate_pair AS p (low_id, high_id, score, reasons, known, state, found_at,
  decided_at, decided_by)
VALUES ($1, $2, $3, $4::jsonb, $4::jsonb, 'dismissed', $5, $5, $6)
ON CONFLICT (low_id, high_id) DO UPDATE SET state = 'dismissed', decided_at = excluded.decided_at,
  decided_by = excluded.decided_by, score = excluded.score, reasons = excluded.reasons,
  known = p.known || p.reasons || excluded.reasons
WHERE p.state <> 'dismissed' RETURNING id
"""


async def dismiss(pair: Ids, match: Match, by: int) -> int | None:
    """They are two clients; None when that was known."""
    keys = orjson.dumps([why.key for why in match.whys]).decode()
    done: int | None = await db.fetchval(DISMISS, *pair, match.score, keys, clock.now(), by)
    return done


# A merge decides its own pair. What was said of the folded card goes on for the kept one: it has
# its contacts now.
MERGED = """
UPDATE duplicate_pair SET state = 'merged', decided_at = $3, decided_by = $4
WHERE low_id = $1 AND high_id = $2
"""
INHERIT = """
INSERT INTO duplicate_pair (low_id, high_id, score, reasons, known, state, found_at, decided_at,
  decided_by)
SELECT least($1, o.id), greatest($1, o.id), score, reasons, known, 'dismissed', found_at,
  decided_at, decided_by
FROM duplicate_pair p, LATERAL (SELECT CASE WHEN low_id = $2 THEN high_id ELSE low_id END) AS o(id)
WHERE $2 IN (low_id, high_id) AND state = 'dismissed' AND o.id <> $1
ON CONFLICT (low_id, high_id) DO UPDATE SET known = duplicate_pair.known || excluded.known
"""
APART = """
UPDATE duplicate_pair SET state = 'open', decided_at = NULL, decided_by = NULL
WHERE low_id = $1 AND high_id = $2 AND state = 'merged'
"""
DUE = "INSERT INTO client_due (client_id, later) SELECT unnest($1::bigint[]), false"


async def merged(kept_id: int, gone_id: int, by: int) -> None:
    """The pair is decided; the kept card is looked at anew."""
    await db.execute(MERGED, *ordered(kept_id, gone_id), clock.now(), by)
    await db.execute(INHERIT, kept_id, gone_id)
    await db.execute(DUE, [kept_id])


async def apart(kept_id: int, gone_id: int) -> None:
    """The merge was undone: the proposal stands as before, both cards are looked at anew."""
    await db.execute(APART, *ordered(kept_id, gone_id))
    await db.execute(DUE, [kept_id, gone_id])


def ordered(one: int, two: int) -> Ids:
    return (one, two) if one < two else (two, one)


def whys_of(keys: Sequence[str]) -> tuple[Why, ...]:
    return tuple(map(Why.of, keys))

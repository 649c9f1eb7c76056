"""Finding clients by name: whole words, beginnings of words, then words with slips forgiven.

Names are compared folded (see `folding`). `client_words` finds cards by their words,
`client_word` is the dictionary slips are corrected by: it is small, so trigrams are cheap there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm_core.clients.folding import fold
from crm_core.clients.spelling import allowed, distance, other_layout
from crm_core.kernel import db

# How many cards are ranked for one search; with how many nothing vaguer is looked for, with
# how few slips are forgiven.
DEPTH = 200
PAGE = 20
ENOUGH = 5
MAX_WORDS = 6
SPELLINGS = 24
BEGUN = 2

# A rare beginning looks frequent to the planner, and then it would walk through the whole table
# until it has its rows: only bitmaps of the word index are left to it.
PLANNER = """
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true),
       set_config('pg_trgm.similarity_threshold', '0.25', true),
       set_config('plan_cache_mode', 'force_custom_plan', true)
"""

# Rank 0: the very name; 1: all the words; 2: words that begin so, looked for only when the first
# two gave too little ($5). A single letter begins too many words for the index: it only sifts ($6).
BY_NAME = """
WITH exact AS MATERIALIZED (
  (SELECT id, 0 AS rank, touched_at FROM client
   WHERE merged_into_id IS NULL AND folded = $1 LIMIT $4)
  UNION ALL
  (SELECT id, 1, touched_at FROM client WHERE merged_into_id IS NULL
   AND array_to_tsvector(string_to_array(folded, ' ')) @@ $2::text::tsquery LIMIT $4))
SELECT id, rank, touched_at FROM exact
UNION ALL
(SELECT id, 2, touched_at FROM client WHERE merged_into_id IS NULL
 AND array_to_tsvector(string_to_array(folded, ' ')) @@ $3::text::tsquery
 AND ' ' || folded LIKE ALL($6::text[]) AND (SELECT count(*) FROM exact) < $5 LIMIT $4)
ORDER BY rank, touched_at DESC
"""
SPELLED = """
SELECT id, folded, touched_at FROM client WHERE merged_into_id IS NULL
  AND array_to_tsvector(string_to_array(folded, ' ')) @@ $1::text::tsquery LIMIT $2
"""
# Words of the dictionary that share enough trigrams with a typed one, nearest first.
NEAR = """
SELECT q.word AS typed, near.word FROM unnest($1::text[]) AS q(word), LATERAL (
  SELECT word FROM client_word WHERE word % q.word ORDER BY word <-> q.word LIMIT 80) near
"""


async def by_name(text: str) -> list[int]:
    """Ids of clients whose name is meant by `text`, best first; at most `DEPTH`."""
    async with db.transaction():
        await db.execute(PLANNER)
        found = await _meant(_typed(text)) or await _meant(_typed(other_layout(text)))
    return list(dict.fromkeys(found))[:DEPTH]


async def _meant(words: Sequence[str]) -> list[int]:
    if not words:
        return []
    rows = await _by_words(words)
    found = [row["id"] for row in rows]
    if len(rows) < ENOUGH and all(row["rank"] == BEGUN for row in rows):
        found += await _forgiving(words)
    return found


def _typed(text: str) -> list[str]:
    return fold(text).split()[:MAX_WORDS]


async def _by_words(words: Sequence[str]) -> list[db.Row]:
    """{id, rank} of cards with these words, or with words that begin so."""
    long = [word for word in words if len(word) > 1]
    sifted = [f"% {word}%" for word in words if len(word) == 1]
    unfinished = len(words) == 1 or min(map(len, words)) < 3
    wanted = 0 if not long else PAGE if unfinished else 1
    whole, begun = " & ".join(map(_whole, words)), " & ".join(map(_begun, long or words))
    return await db.fetch(BY_NAME, " ".join(words), whole, begun, DEPTH, wanted, sifted)


async def _forgiving(words: Sequence[str]) -> list[int]:
    """Cards that hold a near spelling of every word."""
    near = await _near(words)
    if all(len(spellings) == 1 for spellings in near.values()):
        return []
    groups = [_alternatives(word, near[word]) for word in words]
    rows = await db.fetch(SPELLED, " & ".join(groups), DEPTH)
    order = {
        row["id"]: (_slips(row["folded"], near), -row["touched_at"].timestamp()) for row in rows
    }
    return sorted(order, key=order.__getitem__)


async def _near(words: Sequence[str]) -> dict[str, dict[str, int]]:
    """For every typed word its near spellings and how many slips away they are."""
    near: dict[str, dict[str, int]] = {word: {word: 0} for word in words}
    for row in await db.fetch(NEAR, list(near)):
        typed, word = row["typed"], row["word"]
        slips = distance(typed, word)
        if slips <= allowed(typed):
            near[typed][word] = slips
    return {
        word: dict(sorted(n.items(), key=lambda one: one[1])[:SPELLINGS])
        for word, n in near.items()
    }


def _alternatives(typed: str, spellings: Mapping[str, int]) -> str:
    return f"({' | '.join((*map(_whole, spellings), _begun(typed)))})"


def _whole(word: str) -> str:
    return f"'{word}'"


def _begun(word: str) -> str:
    return f"'{word}':*"


def _slips(folded: str, near: Mapping[str, Mapping[str, int]]) -> int:
    """Slips over the whole name; a word found only by its beginning counts as none."""
    words = folded.split()
    return sum(
        min((slips for word, slips in spellings.items() if word in words), default=0)
        for spellings in near.values()
    )

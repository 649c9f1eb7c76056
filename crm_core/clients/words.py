"""Finding messages by their words: Russian word forms, the last word may be unfinished."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMessage:
    """A message that holds the words; `snippet` is the piece around them."""

    id: int
    dialog_id: int
    client_id: int
    client_name: str
    direction: str
    at: datetime
    snippet: str


# What was typed, or the same with the last word as a beginning. Latest first; people without
# rights over all dialogs see what they held and what their own clients wrote.
FIND = """
WITH q AS (SELECT websearch_to_tsquery('russian', $1) || CASE WHEN $2 = ''
  THEN ''::tsquery ELSE websearch_to_tsquery('russian', $3) && to_tsquery('simple', $2) END AS q)
SELECT m.id, m.dialog_id, m.client_id, c.name AS client_name, m.direction, m.at,
  ts_headline('russian', m.text, (SELECT q FROM q),
    'StartSel="",StopSel="",MaxWords=18,MinWords=8,MaxFragments=1') AS snippet
FROM (
  SELECT m.* FROM message m JOIN dialog d ON d.id = m.dialog_id JOIN client c ON c.id = m.client_id
  WHERE to_tsvector('russian', m.text) @@ (SELECT q FROM q)
    AND ($5 OR d.assignee_id = $6 OR c.manager_id = $6)
  ORDER BY m.id DESC LIMIT $4) m
JOIN client c ON c.id = m.client_id
ORDER BY m.at DESC, m.id DESC
"""


async def search_messages(actor: Actor, text: str, *, limit: int = 20) -> list[FoundMessage]:
    """Messages and inner notes with these words, the latest first.

    Understands `"exact words"`, `or` and `-without` as search sites do.
    """
    actor.require(Right.CLIENT_READ)
    head, tail = _unfinished(text)
    everything = actor.may(Right.DIALOG_ALL)
    async with db.searching():
        rows = await db.fetch(FIND, text, tail, head, limit, everything, actor.id)
    return [FoundMessage(**row) for row in rows]


def _unfinished(text: str) -> tuple[str, str]:
    """What stands before the last word, and that word as a beginning (`'догов':*`) or nothing."""
    found = re.fullmatch(r"(.*?)(?<![-\"\w])(\w{2,})", text.strip(), re.DOTALL)
    if found is None or found[1].count('"') % 2:
        return text, ""
    return found[1], f"'{found[2].lower()}':*"

"""Messages as rows for files, page by page: memory stays the same however many there are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from crm_core.kernel import db

PAGE = 1000
COLUMNS = (
    *("id", "dialog_id", "client_id", "client", "channel", "direction", "kind", "text"),
    *("author", "status", "at", "edited_at", "files"),
)

ROWS = """
SELECT m.id, m.dialog_id, m.client_id, c.name AS client, ch.name AS channel, m.direction, m.kind,
  m.text, e.name AS author, m.status, m.at, m.edited_at,
  ARRAY(SELECT a.name FROM attachment a WHERE a.message_id = m.id ORDER BY a.id) AS files
FROM message m
JOIN dialog d ON d.id = m.dialog_id
JOIN channel ch ON ch.id = d.channel_id
JOIN client c ON c.id = m.client_id
LEFT JOIN employee e ON e.id = m.author_id
WHERE m.id > $1 ORDER BY m.id LIMIT $2
"""


async def pages() -> AsyncIterator[list[dict[str, Any]]]:
    """All messages and inner notes in order of id; keys are `COLUMNS`."""
    last = 0
    while rows := await db.fetch(ROWS, last, PAGE):
        last = rows[-1]["id"]
        yield [dict(row) for row in rows]

"""Clients as rows for files, page by page: memory stays the same however many there are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from crm_core.kernel import db

PAGE = 500
COLUMNS = (
    *("id", "kind", "name", "manager", "phones", "emails", "others", "channels", "created_at"),
    *("status", "percent", "roles"),
)

ROWS = """
SELECT c.id, c.kind, c.name, e.name AS manager,
  ARRAY(SELECT value FROM contact_point p WHERE p.client_id = c.id AND p.kind = 'phone'
        ORDER BY p.id) AS phones,
  ARRAY(SELECT value FROM contact_point p WHERE p.client_id = c.id AND p.kind = 'email'
        ORDER BY p.id) AS emails,
  ARRAY(SELECT value FROM contact_point p WHERE p.client_id = c.id
        AND p.kind NOT IN ('phone', 'email') ORDER BY p.id) AS others,
  ARRAY(SELECT ch.name || ': ' || coalesce('@' || i.username, i.name) FROM identity i
        JOIN channel ch ON ch.id = i.channel_id WHERE i.client_id = c.id ORDER BY i.id) AS channels,
  c.created_at, s.title AS status, c.percent,
  ARRAY(SELECT jsonb_array_elements_text(c.roles)) AS roles
FROM client c LEFT JOIN employee e ON e.id = c.manager_id
LEFT JOIN client_status s ON s.id = c.status_id
WHERE c.id > $1 AND c.merged_into_id IS NULL ORDER BY c.id LIMIT $2
"""


async def pages() -> AsyncIterator[list[dict[str, Any]]]:
    """All live cards in order of id; keys are `COLUMNS`."""
    last = 0
    while rows := await db.fetch(ROWS, last, PAGE):
        last = rows[-1]["id"]
        yield [dict(row) for row in rows]

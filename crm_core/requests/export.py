"""Requests as rows for files, page by page: memory stays the same however many there are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from crm_core.kernel import db

PAGE = 500
COLUMNS = (
    *("id", "kind", "source", "subject", "text", "name", "phone", "email", "client_id", "client"),
    *("state", "outcome", "rejected_for", "responsible", "amount", "currency", "utm_source"),
    *("utm_campaign", "visit", "page", "recording", "at", "registered_at", "accepted_at"),
    *("answered_at", "closed_at"),
)

ROWS = """
SELECT r.id, r.kind, r.source, r.subject, r.text, r.person->>'name' AS name,
  r.person->>'phone' AS phone, r.person->>'email' AS email, r.client_id, c.name AS client, r.state,
  r.outcome, r.rejected_for, e.name AS responsible, r.amount::text AS amount, r.currency,
  r.campaign->>'utm_source' AS utm_source, r.campaign->>'utm_campaign' AS utm_campaign, r.visit,
  r.page, r.recording, r.at, r.registered_at, r.accepted_at, r.answered_at, r.closed_at
FROM request r LEFT JOIN client c ON c.id = r.client_id
LEFT JOIN employee e ON e.id = r.responsible_id
WHERE r.id > $1 ORDER BY r.id LIMIT $2
"""


async def pages() -> AsyncIterator[list[dict[str, Any]]]:
    """All requests in order of id; keys are `COLUMNS`."""
    last = 0
    while rows := await db.fetch(ROWS, last, PAGE):
        last = rows[-1]["id"]
        yield [dict(row) for row in rows]

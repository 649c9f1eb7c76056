"""Whose number it is: clients by the number that calls."""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.kernel import db

CLIENTS = """
SELECT DISTINCT ON (p.value) p.value, p.client_id FROM contact_point p
JOIN client c ON c.id = p.client_id AND c.merged_into_id IS NULL
WHERE p.kind = 'phone' AND p.value = ANY($1::text[])
ORDER BY p.value, EXISTS (SELECT 1 FROM client_link l JOIN contact_point o
    ON o.client_id = l.company_id AND o.kind = 'phone' AND o.value = p.value
  WHERE l.person_id = c.id AND l.until IS NULL) DESC, c.touched_at DESC, c.id
"""


async def clients_of(numbers: Sequence[str]) -> dict[str, int]:
    """Clients by E.164 number; of several cards with one number the one touched last.

    When a company and a contact person of it have the number, it is the person who calls.
    """
    if not numbers:
        return {}
    return {row["value"]: row["client_id"] for row in await db.fetch(CLIENTS, list(numbers))}

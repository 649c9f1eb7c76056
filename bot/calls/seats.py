"""Who sits before a call: whose phone rings, who looks after the client, whose screen has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_core.clients.links import RESPONSIBLE
from crm_core.kernel import db


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody before a call. `wanted`: they see its card; else only one that stands there."""

    call_id: int
    employee_id: int
    chat: int
    wanted: bool


# Whose phone rings or who calls; the client's manager while it rings at others; and whoever has
# the card on the screen. Calls between colleagues and asking halves of transfers have no card.
SEATS = f"""
SELECT a.call_id, e.id AS employee_id, e.telegram_id AS chat, bool_or(a.wanted) AS wanted FROM (
  SELECT l.call_id, l.employee_id, true AS wanted FROM call_leg l
  WHERE l.call_id = ANY($1::bigint[]) AND l.outcome IS DISTINCT FROM 'offline'
  UNION ALL
  SELECT c.id, c.ordered_by_id, true FROM call c WHERE c.id = ANY($1::bigint[])
  UNION ALL
  SELECT c.id, m.id, c.state = 'ringing' AND c.direction = 'inbound'
  FROM call c JOIN client k ON k.id = c.client_id
  JOIN employee m ON m.id = {RESPONSIBLE.format(client="k")}
  WHERE c.id = ANY($1::bigint[]) AND m.presence = 'on'
  UNION ALL
  SELECT split_part(v.key, ':', 1)::bigint, s.id, false
  FROM view_memory v JOIN employee s ON s.telegram_id = split_part(v.key, ':', 2)::bigint
  WHERE v.view = 'call' AND v.key = ANY(
    SELECT w || ':' || t.telegram_id FROM unnest($1::bigint[]) AS w, employee t
    WHERE t.telegram_id IS NOT NULL AND t.active)
) a JOIN call c ON c.id = a.call_id JOIN employee e ON e.id = a.employee_id
WHERE c.direction <> 'internal' AND c.part_of IS NULL AND e.active AND e.telegram_id IS NOT NULL
GROUP BY a.call_id, e.id, e.telegram_id ORDER BY a.call_id, e.id
"""  # noqa: S608 - of constants


async def seats(call_ids: Sequence[int]) -> list[Seat]:
    """Everybody concerned by these calls."""
    return [Seat(**row) for row in await db.fetch(SEATS, call_ids)] if call_ids else []

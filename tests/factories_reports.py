"""Rows reports are tried on: many requests written straight into the table."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crm_core.kernel import db

INSERT = """
INSERT INTO request (kind, source, subject, state, outcome, rejected_for, responsible_id, queue_id,
  person, at, registered_at, accepted_at, answered_at, closed_at, accept_work, answer_work,
  close_work, late)
VALUES ('lead', $1, 'Розы', $2, $3, $4, $5, $6, '{"name": "Олег Петров"}', $7, $7, $8, $9, $10,
  $11, $12, $13, $14::jsonb) RETURNING id
"""


async def past_request(at: datetime, source: str = "Сайт", **rest: Any) -> int:
    """A request that came at a moment. `took`: minutes to accept, answer and close; the working
    time is half of each. `state`, `outcome`, `reason`, `who`, `queue`, `late`."""
    took = rest.get("took", (None, None, None))
    assert isinstance(took, tuple)
    moments = [None if one is None else at + timedelta(minutes=one) for one in took]
    work = [None if one is None else one * 30 for one in took]
    found: int = await db.fetchval(
        INSERT,
        source,
        rest.get("state", "new"),
        rest.get("outcome"),
        rest.get("reason"),
        rest.get("who"),
        rest.get("queue"),
        at,
        *moments,
        *work,
        rest.get("late", "[]"),
    )
    return found

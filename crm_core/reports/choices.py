"""What a reader may choose from: people, sources, queues."""

from __future__ import annotations

from datetime import timedelta

from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor
from crm_core.reports.definition import Report

MOST = 30
RECENT = timedelta(days=2 * 366)
SOURCES = """
SELECT source FROM request
WHERE registered_at >= $1 AND ($2::bigint IS NULL OR responsible_id = $2)
GROUP BY source ORDER BY count(*) DESC, source LIMIT $3
"""


async def sources(actor: Actor, report: Report) -> list[str]:
    """Sources of the last two years, those that bring the most first."""
    own = None if actor.may(report.sees_all) else actor.id
    rows = await db.fetch(SOURCES, clock.now() - RECENT, own, MOST)
    return [row["source"] for row in rows]


async def people(actor: Actor, report: Report) -> list[tuple[int, str]]:
    """(id, name) of those whose figures the actor may single out; also of who has left."""
    if not actor.may(report.sees_all):
        return []
    rows = await db.fetch("SELECT id, name FROM employee ORDER BY active DESC, name, id")
    return [(row["id"], row["name"]) for row in rows]


async def queues() -> list[tuple[int, str]]:
    rows = await db.fetch("SELECT id, name FROM queue ORDER BY name, id")
    return [(row["id"], row["name"]) for row in rows]

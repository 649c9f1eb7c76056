"""Reading the staff: actors, colleagues, queues."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel import clock, db, secrets
from crm_core.kernel.actors import Actor, Role
from crm_core.staff.sights import sight_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """An employee as others see them."""

    id: int
    name: str
    role: str
    presence: str
    load: int
    capacity: int
    telegram_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    id: int
    name: str
    strategy: str
    waiting: int
    on_shift: int


# The rights of the role come along, so that nobody has to ask for them later.
ACTOR = """
SELECT e.id, e.name, e.role, e.language, e.timezone, e.department_id, s.value -> e.role AS sight
FROM employee e LEFT JOIN setting s ON s.key = 'access.clients' WHERE e.active AND
"""


def _actor(row: db.Row | None) -> Actor | None:
    if row is None:
        return None
    return Actor(
        id=row["id"],
        name=row["name"],
        role=Role(row["role"]),
        language=row["language"],
        timezone=row["timezone"],
        department_id=row["department_id"],
        sight=sight_of(row["sight"]),
    )


async def actor_of_employee(employee_id: int) -> Actor | None:
    return _actor(await db.fetchrow(ACTOR + "e.id = $1", employee_id))


async def actor_of_telegram(telegram_id: int) -> Actor | None:
    """Who this Telegram account is; None for strangers and those who have left."""
    return _actor(await db.fetchrow(ACTOR + "e.telegram_id = $1", telegram_id))


async def actor_of_token(token: str) -> Actor | None:
    """Whose bearer token this is; the moment of use is noted."""
    employee_id = await db.fetchval(
        "UPDATE api_token SET used_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL"
        " RETURNING employee_id",
        secrets.fingerprint(token),
        clock.now(),
    )
    return None if employee_id is None else await actor_of_employee(employee_id)


COLLEAGUES = """
SELECT id, name, role, presence, load, capacity, telegram_id FROM employee
WHERE active ORDER BY array_position(ARRAY['on', 'away', 'off'], presence::text), name
"""


async def colleagues() -> list[Colleague]:
    """Everyone who works here; those on shift first."""
    return [Colleague(**dict(row)) for row in await db.fetch(COLLEAGUES)]


async def colleague(employee_id: int) -> Colleague | None:
    found = [one for one in await colleagues() if one.id == employee_id]
    return found[0] if found else None


QUEUES = """
SELECT q.id, q.name, q.strategy,
  (SELECT count(*) FROM dialog d WHERE d.queue_id = q.id AND d.state = 'waiting') AS waiting,
  (SELECT count(*) FROM queue_member m JOIN employee e ON e.id = m.employee_id
   WHERE m.queue_id = q.id AND e.active AND e.presence = 'on') AS on_shift
FROM queue q ORDER BY q.name
"""


async def queues() -> list[QueueView]:
    return [QueueView(**dict(row)) for row in await db.fetch(QUEUES)]

"""What is done with the staff: add, invite, bind, presence, queues, tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from crm_core.kernel import clock, db, secrets
from crm_core.kernel.actors import SYSTEM, Actor, Right, Role
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Invalid, NotFound
from crm_core.kernel.i18n import LANGUAGES, N_
from crm_core.kernel.journal import emit
from crm_core.staff.events import (
    EmployeeAdded,
    EmployeeBound,
    EmployeeDeactivated,
    PresenceChanged,
    QueueChanged,
)

INVITE_LIFE = timedelta(days=3)
Presence = Literal["on", "away", "off"]
Strategy = Literal["least_loaded", "round_robin", "everyone"]


class Details(BaseModel):
    """What else is known of an employee; `capacity` = dialogs at the same time."""

    language: Literal["ru", "en"] = "ru"
    email: str | None = None
    extension: str | None = None
    capacity: int = Field(default=10, ge=1, le=1000)


@command("staff.add", title=N_("Add an employee"), right=Right.STAFF_WRITE)
async def add(
    actor: Actor,
    *,
    name: Annotated[str, Field(min_length=1, max_length=120)],
    role: Role = Role.MANAGER,
    telegram_id: int | None = None,
    details: Details | None = None,
) -> int:
    """Add an employee and put them into the default queue; returns their id."""
    details = details or Details()
    if not name.strip():
        raise Invalid("The name is empty: write one.")
    if telegram_id and await db.fetchval(
        "SELECT 1 FROM employee WHERE telegram_id=$1", telegram_id
    ):
        raise Conflict("This Telegram account already belongs to an employee.")
    employee_id: int = await db.fetchval(
        "INSERT INTO employee (name, role, telegram_id, language, email, extension, capacity)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        name.strip(),
        role.value,
        telegram_id,
        details.language,
        details.email,
        details.extension,
        details.capacity,
    )
    await db.execute(
        "INSERT INTO queue_member (queue_id, employee_id, position)"
        " SELECT id, $1::bigint, $1::int FROM queue WHERE is_default",
        employee_id,
    )
    await emit(EmployeeAdded(employee_id=employee_id), actor=actor.key)
    return employee_id


@command("staff.invite", title=N_("Make a log-in link"), right=Right.STAFF_WRITE)
async def invite(actor: Actor, *, employee_id: int) -> str:
    """A one-time token for `/start` in the managers' bot; older ones of this person end."""
    if not await db.fetchval("SELECT 1 FROM employee WHERE id = $1 AND active", employee_id):
        raise NotFound("There is no such employee.")
    token = secrets.new_token()
    now = clock.now()
    await db.execute(
        "UPDATE invite SET used_at = $2 WHERE employee_id = $1 AND used_at IS NULL",
        employee_id,
        now,
    )
    await db.execute(
        "INSERT INTO invite (employee_id, token_hash, expires_at) VALUES ($1, $2, $3)",
        employee_id,
        secrets.fingerprint(token),
        now + INVITE_LIFE,
    )
    return token


async def bind(token: str, telegram_id: int, language: str | None = None) -> int:
    """Use a log-in link: this Telegram account is that employee from now on; returns their id.

    Raises Invalid for an unknown, used or expired link, Conflict when the account is taken.
    """
    async with db.transaction():
        row = await db.fetchrow(
            "SELECT i.id, i.employee_id, i.expires_at, i.used_at FROM invite i"
            " JOIN employee e ON e.id = i.employee_id AND e.active"
            " WHERE i.token_hash = $1 FOR UPDATE OF i",
            secrets.fingerprint(token),
        )
        if row is None or row["used_at"] is not None:
            raise Invalid("This link was already used or replaced. Ask for a new one.")
        if row["expires_at"] < clock.now():
            raise Invalid("This link has expired. Ask for a new one.")
        await _require_free(telegram_id, row["employee_id"])
        await db.execute("UPDATE invite SET used_at = $2 WHERE id = $1", row["id"], clock.now())
        await db.execute(
            "UPDATE employee SET telegram_id = $2, language = coalesce($3, language) WHERE id = $1",
            row["employee_id"],
            telegram_id,
            language if language in LANGUAGES else None,
        )
        await emit(
            EmployeeBound(employee_id=row["employee_id"], telegram_id=telegram_id),
            actor=f"employee:{row['employee_id']}",
        )
    return int(row["employee_id"])


async def _require_free(telegram_id: int, employee_id: int) -> None:
    owner = await db.fetchval("SELECT id FROM employee WHERE telegram_id = $1", telegram_id)
    if owner is not None and owner != employee_id:
        raise Conflict("This Telegram account already belongs to an employee.")


@command("staff.presence", title=N_("On shift, away, off"), right=Right.OWN)
async def set_presence(actor: Actor, *, presence: Presence) -> str:
    """Change one's own presence; coming on shift drains what waits."""
    return await change_presence(actor.id, presence, by=actor)


async def change_presence(employee_id: int, presence: Presence, *, by: Actor = SYSTEM) -> str:
    """Change anybody's presence (timers, admins, demo)."""
    before = await db.fetchval(
        "SELECT presence FROM employee WHERE id = $1 FOR UPDATE", employee_id
    )
    if before is None:
        raise NotFound("There is no such employee.")
    if before != presence:
        await db.execute(
            "UPDATE employee SET presence = $2, presence_at = $3 WHERE id = $1",
            employee_id,
            presence,
            clock.now(),
        )
        await emit(
            PresenceChanged(employee_id=employee_id, presence=presence, before=before),
            actor=by.key,
        )
    return presence


@command("staff.language", title=N_("Language of the bot"), right=Right.OWN)
async def set_language(actor: Actor, *, language: Literal["ru", "en"]) -> str:
    await db.execute("UPDATE employee SET language = $2 WHERE id = $1", actor.id, language)
    return language


@command("staff.deactivate", title=N_("Dismiss an employee"), right=Right.STAFF_WRITE)
async def deactivate(actor: Actor, *, employee_id: int) -> int:
    """End a person's access at once; their dialogs go back to the queues."""
    if employee_id == actor.id:
        raise Invalid("You can't dismiss yourself.")
    done = await db.execute(
        "UPDATE employee SET active = false, presence = 'off', telegram_id = NULL WHERE id = $1",
        employee_id,
    )
    if not done:
        raise NotFound("There is no such employee.")
    await db.execute(
        "UPDATE api_token SET revoked_at = $2 WHERE employee_id = $1 AND revoked_at IS NULL",
        employee_id,
        clock.now(),
    )
    await emit(EmployeeDeactivated(employee_id=employee_id), actor=actor.key)
    return employee_id


@command("staff.token", title=N_("Make an API token"), right=Right.STAFF_WRITE)
async def make_token(
    actor: Actor, *, employee_id: int, title: Annotated[str, Field(max_length=120)] = "API"
) -> str:
    """A bearer token of the employee; it is shown this once."""
    if not await db.fetchval("SELECT 1 FROM employee WHERE id = $1 AND active", employee_id):
        raise NotFound("There is no such employee.")
    token = secrets.new_token()
    await db.execute(
        "INSERT INTO api_token (employee_id, token_hash, title) VALUES ($1, $2, $3)",
        employee_id,
        secrets.fingerprint(token),
        title,
    )
    return token


@command("queue.save", title=N_("Set up a queue"), right=Right.STAFF_WRITE)
async def save_queue(
    actor: Actor,
    *,
    name: Annotated[str, Field(min_length=1, max_length=120)],
    strategy: Strategy = "least_loaded",
    overflow_seconds: Annotated[int, Field(ge=5, le=86_400)] = 120,
    members: list[int] | None = None,
) -> int:
    """Create or change the queue of this name; `members` (ids in order) replace the old ones.

    The first queue becomes the default one: channels without a queue of their own use it.
    """
    queue_id: int = await db.fetchval(SAVE_QUEUE, name, strategy, overflow_seconds)
    if members is not None:
        await _set_members(queue_id, list(dict.fromkeys(members)))
    await emit(QueueChanged(queue_id=queue_id), actor=actor.key)
    return queue_id


async def _set_members(queue_id: int, members: list[int]) -> None:
    known = await db.fetchval(
        "SELECT count(*) FROM employee WHERE id = ANY($1::bigint[]) AND active", members
    )
    if known != len(members):
        raise NotFound("There is no such employee.")
    await db.execute("DELETE FROM queue_member WHERE queue_id = $1", queue_id)
    await db.executemany(
        "INSERT INTO queue_member (queue_id, employee_id, position) VALUES ($1, $2, $3)",
        [(queue_id, member, place) for place, member in enumerate(members)],
    )


SAVE_QUEUE = """
INSERT INTO queue (name, strategy, overflow_seconds, is_default)
VALUES ($1, $2, $3, NOT EXISTS (SELECT 1 FROM queue WHERE is_default))
ON CONFLICT (name) DO UPDATE SET strategy = excluded.strategy,
  overflow_seconds = excluded.overflow_seconds
RETURNING id
"""


@command("queue.default", title=N_("Make a queue the default one"), right=Right.STAFF_WRITE)
async def default_queue(actor: Actor, *, queue_id: int) -> int:
    """New channels and new employees go to this queue."""
    if not await db.fetchval("SELECT 1 FROM queue WHERE id = $1", queue_id):
        raise NotFound("There is no such queue.")
    await db.execute("UPDATE queue SET is_default = (id = $1)", queue_id)
    await emit(QueueChanged(queue_id=queue_id), actor=actor.key)
    return queue_id

"""Which clients each role sees and changes: the admin sets it, actors carry it."""

from __future__ import annotations

from typing import Any

import orjson

from crm_core.kernel import db
from crm_core.kernel.actors import EVERYTHING, Actor, Reach, Right, Role, Sight
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.staff.events import SightSet

KEY = "access.clients"
WIDTH = {Reach.OWN: 0, Reach.DEPARTMENT: 1, Reach.ALL: 2}
SAVE = """
INSERT INTO setting (key, value) VALUES ($1, jsonb_build_object($2::text, $3::jsonb))
ON CONFLICT (key) DO UPDATE SET value = setting.value || excluded.value
"""


def sight_of(kept: str | None) -> Sight:
    """As it is kept (JSON); before an admin has said anything, everything is seen."""
    if kept is None:
        return EVERYTHING
    data: dict[str, Any] = orjson.loads(kept)
    return Sight(read=Reach(data["read"]), write=Reach(data["write"]))


async def sights() -> dict[Role, Sight]:
    """By role; admins always see everything."""
    kept = await db.fetchval("SELECT value FROM setting WHERE key = $1", KEY)
    known = orjson.loads(kept) if kept else {}
    return {role: sight_of(_text(known.get(role))) for role in Role}


def _text(data: dict[str, Any] | None) -> str | None:
    return None if data is None else orjson.dumps(data).decode()


@command("access.set_clients", title=N_("Set which clients a role sees"), right=Right.STAFF_WRITE)
async def set_clients(
    actor: Actor,
    *,
    role: Role,
    read: Reach = Reach.ALL,
    write: Reach = Reach.ALL,
) -> None:
    """Say whose clients a role may read and change."""
    if role is Role.ADMIN:
        raise Invalid(N_("Administrators always see every client."))
    if WIDTH[write] > WIDTH[read]:
        raise Invalid(N_("Nobody can change what they can't read: widen reading first."))
    kept = {"read": read, "write": write}
    await db.execute(SAVE, KEY, role.value, orjson.dumps(kept).decode())
    event = SightSet(role=role.value, read=read.value, write=write.value)
    await emit(event, actor=actor.key)

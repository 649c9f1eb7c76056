"""Connecting PBXs: add, change, switch, remove; secrets encrypted before they touch a row."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from crm_core.accounts.commands import Settings, sealed
from crm_core.calls.doings import PbxChanged
from crm_core.kernel import db, secrets, wake
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

TOPIC = "pbx"


@command("pbx.add", title=N_("Connect a PBX"), right=Right.CHANNEL_WRITE)
async def add(
    actor: Actor,
    *,
    kind: str,
    name: Annotated[str, Field(min_length=1, max_length=120)],
    settings: Settings,
) -> int:
    """Connect a PBX; `settings` was validated against the kind's schema by the caller."""
    if await db.fetchval("SELECT 1 FROM pbx WHERE name = $1", name):
        raise Conflict("There is already a PBX named %(name)s: choose another name.", name=name)
    pbx_id: int = await db.fetchval(
        "INSERT INTO pbx (kind, name, config, hook_secret) VALUES ($1, $2, $3::jsonb, $4)"
        " RETURNING id",
        kind,
        name,
        sealed(settings),
        secrets.new_token(),
    )
    await _changed(actor, pbx_id, "added")
    return pbx_id


@command("pbx.configure", title=N_("Change a PBX connection"), right=Right.CHANNEL_WRITE)
async def configure(actor: Actor, *, pbx_id: int, settings: Settings) -> int:
    """Replace the configuration; the running link takes it up at once."""
    await _touch("config = $2::jsonb, broken = NULL", pbx_id, sealed(settings))
    await _changed(actor, pbx_id, "configured")
    return pbx_id


@command("pbx.switch", title=N_("Switch a PBX on or off"), right=Right.CHANNEL_WRITE)
async def switch(actor: Actor, *, pbx_id: int, active: bool) -> int:
    await _touch("active = $2, broken = NULL", pbx_id, active)
    await _changed(actor, pbx_id, "on" if active else "off")
    return pbx_id


@command("pbx.remove", title=N_("Remove a PBX"), right=Right.CHANNEL_WRITE)
async def remove(actor: Actor, *, pbx_id: int) -> int:
    """Disconnect for good: credentials are wiped, calls stay readable."""
    await _touch("active = false, kind = 'removed', config = $2::jsonb", pbx_id, "{}")
    await db.execute("UPDATE pbx SET name = left(name, 100) || ' #' || id WHERE id = $1", pbx_id)
    await _changed(actor, pbx_id, "removed")
    return pbx_id


async def _touch(assignment: str, pbx_id: int, value: Any) -> None:
    done = await db.execute(
        f"UPDATE pbx SET {assignment}, revision = revision + 1 WHERE id = $1",  # noqa: S608
        pbx_id,
        value,
    )
    if not done:
        raise NotFound("There is no such PBX.")


async def _changed(actor: Actor, pbx_id: int, what: str) -> None:
    await emit(PbxChanged(pbx_id=pbx_id, what=what), actor=actor.key)
    await wake.notify(TOPIC)

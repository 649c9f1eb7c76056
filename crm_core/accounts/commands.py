"""Channel accounts: add, change, switch; secrets encrypted before they touch a row."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from pydantic import BaseModel, Field

from crm_core.accounts.events import ChannelChanged
from crm_core.kernel import db, secrets, wake
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

TOPIC = "channels"


class Settings(BaseModel):
    """A channel's configuration and which of its fields are secrets."""

    config: dict[str, Any]
    secret_fields: list[str] = []


@command("channel.add", title=N_("Connect a channel"), right=Right.CHANNEL_WRITE)
async def add(
    actor: Actor,
    *,
    kind: str,
    name: Annotated[str, Field(min_length=1, max_length=120)],
    settings: Settings,
    queue_id: int | None = None,
) -> int:
    """Connect an account; `settings` was validated against the kind's schema by the caller."""
    if await db.fetchval("SELECT 1 FROM channel WHERE name = $1", name):
        raise Conflict("There is already a channel named %(name)s: choose another name.", name=name)
    if queue_id and not await db.fetchval("SELECT 1 FROM queue WHERE id = $1", queue_id):
        raise NotFound("There is no such queue.")
    channel_id: int = await db.fetchval(
        "INSERT INTO channel (kind, name, config, hook_secret, queue_id)"
        " VALUES ($1, $2, $3::jsonb, $4,"
        " coalesce($5, (SELECT id FROM queue WHERE is_default LIMIT 1))) RETURNING id",
        kind,
        name,
        sealed(settings),
        secrets.new_token(),
        queue_id,
    )
    await _changed(actor, channel_id, "added")
    return channel_id


def sealed(settings: Settings) -> str:
    """The configuration as JSON text with its secrets encrypted."""
    found = {
        key: secrets.encrypt(str(value)) if key in settings.secret_fields and value else value
        for key, value in settings.config.items()
    }
    return orjson.dumps(found).decode()


def unsealed(config: str) -> dict[str, Any]:
    """The configuration with its secrets in clear; never log it."""
    return {
        key: secrets.decrypt(value)
        if isinstance(value, str) and value.startswith(secrets.PREFIX)
        else value
        for key, value in orjson.loads(config).items()
    }


@command("channel.configure", title=N_("Change a channel"), right=Right.CHANNEL_WRITE)
async def configure(actor: Actor, *, channel_id: int, settings: Settings) -> int:
    """Replace the configuration; running processes take it up at once."""
    config = sealed(settings)
    await _touch("config = $2::jsonb, broken = NULL", channel_id, config)
    await _changed(actor, channel_id, "configured")
    return channel_id


@command("channel.switch", title=N_("Switch a channel on or off"), right=Right.CHANNEL_WRITE)
async def switch(actor: Actor, *, channel_id: int, active: bool) -> int:
    await _touch("active = $2, broken = NULL", channel_id, active)
    await _changed(actor, channel_id, "on" if active else "off")
    return channel_id


@command("channel.remove", title=N_("Remove a channel"), right=Right.CHANNEL_WRITE)
async def remove(actor: Actor, *, channel_id: int) -> int:
    """Disconnect for good: credentials are wiped, dialogs and messages stay readable."""
    await _touch("active = false, config = $2::jsonb", channel_id, "{}")
    await db.execute(
        "UPDATE channel SET kind = 'removed', name = left(name, 100) || ' #' || id WHERE id = $1",
        channel_id,
    )
    await _changed(actor, channel_id, "removed")
    return channel_id


async def set_broken(channel_id: int, reason: str | None) -> None:
    """Note that an account does not work (or works again); says so in the journal once."""
    async with db.transaction():
        changed = await db.execute(
            "UPDATE channel SET broken = $2 WHERE id = $1 AND broken IS DISTINCT FROM $2",
            channel_id,
            reason,
        )
        if changed:
            what = "broken" if reason else "mended"
            await emit(ChannelChanged(channel_id=channel_id, what=what, reason=reason or ""))


async def _touch(assignment: str, channel_id: int, value: Any) -> None:
    done = await db.execute(
        f"UPDATE channel SET {assignment}, revision = revision + 1 WHERE id = $1",  # noqa: S608
        channel_id,
        value,
    )
    if not done:
        raise NotFound("There is no such channel.")


async def _changed(actor: Actor, channel_id: int, what: str) -> None:
    await emit(ChannelChanged(channel_id=channel_id, what=what), actor=actor.key)
    await wake.notify(TOPIC)

"""Voice bots: add, change, switch, remove; running processes take it up at once."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from crm_core.accounts.commands import Settings, sealed
from crm_core.kernel import db, wake
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.voicebots.events import VoiceBotChanged

TOPIC = "voicebots"


@command("voicebot.add", title=N_("Add a voice bot"), right=Right.CHANNEL_WRITE)
async def add(
    actor: Actor,
    *,
    kind: str,
    name: Annotated[str, Field(min_length=1, max_length=120)],
    settings: Settings,
) -> int:
    """Add a bot; `settings` was validated against the transport's schema by the caller."""
    bot_id: int | None = await db.fetchval(
        "INSERT INTO voice_bot (kind, name, config) VALUES ($1, $2, $3::jsonb)"
        " ON CONFLICT (name) DO NOTHING RETURNING id",
        kind,
        name,
        sealed(settings),
    )
    if bot_id is None:
        message = "There is already a voice bot named %(name)s: choose another name."
        raise Conflict(message, name=name)
    await _changed(actor, bot_id, "added")
    return bot_id


@command("voicebot.configure", title=N_("Change a voice bot"), right=Right.CHANNEL_WRITE)
async def configure(actor: Actor, *, bot_id: int, settings: Settings) -> int:
    """Replace the configuration."""
    await _touch("config = $2::jsonb, broken = NULL", bot_id, sealed(settings))
    await _changed(actor, bot_id, "configured")
    return bot_id


@command("voicebot.switch", title=N_("Switch a voice bot on or off"), right=Right.CHANNEL_WRITE)
async def switch(actor: Actor, *, bot_id: int, active: bool) -> int:
    await _touch("active = $2, broken = NULL", bot_id, active)
    await _changed(actor, bot_id, "on" if active else "off")
    return bot_id


@command("voicebot.remove", title=N_("Remove a voice bot"), right=Right.CHANNEL_WRITE)
async def remove(actor: Actor, *, bot_id: int) -> int:
    """Remove it with its credentials; the requests it took stay."""
    if not await db.execute("DELETE FROM voice_bot WHERE id = $1", bot_id):
        raise NotFound("There is no such voice bot.")
    await _changed(actor, bot_id, "removed")
    return bot_id


async def set_broken(bot_id: int, reason: str | None) -> None:
    """Note that a bot does not work (or works again); says so in the journal once."""
    async with db.transaction():
        changed = await db.execute(
            "UPDATE voice_bot SET broken = $2 WHERE id = $1 AND broken IS DISTINCT FROM $2",
            bot_id,
            reason,
        )
        if changed:
            what = "broken" if reason else "mended"
            await emit(VoiceBotChanged(bot_id=bot_id, what=what, reason=reason or ""))


async def _touch(assignment: str, bot_id: int, value: Any) -> None:
    done = await db.execute(
        f"UPDATE voice_bot SET {assignment}, revision = revision + 1 WHERE id = $1",  # noqa: S608
        bot_id,
        value,
    )
    if not done:
        raise NotFound("There is no such voice bot.")


async def _changed(actor: Actor, bot_id: int, what: str) -> None:
    await emit(VoiceBotChanged(bot_id=bot_id, what=what), actor=actor.key)
    await wake.notify(TOPIC)

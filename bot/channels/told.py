"""Admins are told once when an account breaks, and in the same notice when it works again."""

from __future__ import annotations

from collections.abc import Sequence

from bot import places
from bot.channels import views
from bot.dialogs.errand import Errand, MessageGone
from bot.places import Spot, pair
from crm_core.accounts.events import ChannelChanged
from crm_core.accounts.health import health
from crm_core.kernel import db, memory
from crm_core.kernel.journal import Recorded
from crm_core.kernel.pump import Handler
from crm_core.outbox.rows import BOT_LANE, Post, put
from routing.contracts import Sent
from routing.lanes import OutRow, Skipped

TOLD = "channel-fault"
# channel-fault  channel:chat -> {id}   where a broken account was told
# Administrators, and whose mailbox it is.
CONCERNED = """
SELECT c.id, e.telegram_id FROM channel c
JOIN employee e ON e.role = 'admin' OR e.id::text = c.config->>'owner'
WHERE c.id = ANY($1::bigint[]) AND e.active AND e.telegram_id IS NOT NULL ORDER BY c.id, e.id
"""


async def on_channels(recorded: Sequence[Recorded]) -> None:
    """A notice for everybody concerned and every account that broke or was mended."""
    ids = {
        one.event.channel_id
        for one in recorded
        if isinstance(one.event, ChannelChanged) and one.event.what in {"broken", "mended"}
    }
    if not ids:
        return
    posts = [
        Post(
            lane=BOT_LANE,
            chat=str(row["telegram_id"]),
            kind="channel",
            data={"channel": row["id"]},
            slot=f"channel:{row['id']}",
        )
        for row in await db.fetch(CONCERNED, sorted(ids))
    ]
    await put(*posts)


async def send_channel(errand: Errand, row: OutRow) -> Sent:
    """How the account is doing now; nothing when nobody was worried and nothing is wrong."""
    channel_id = int(row.data["channel"])
    found = await health(channel_id)
    if not found:
        raise Skipped("The channel was removed.")
    key = pair(channel_id, errand.chat)
    told = await memory.get(TOLD, key)
    if told is None and found[0].state != "broken":
        raise Skipped("It works, and nobody was told otherwise.")
    screen = views.notice(found[0], errand.actor)
    if told is not None:
        try:
            await errand.edit(told["id"], screen)
        except MessageGone:
            pass
        else:
            if found[0].state != "broken":
                await memory.drop(TOLD, key)
            return Sent((str(told["id"]),))
    sent = await errand.post(screen, None)
    await places.remember([Spot(TOLD, key, {"id": sent})])
    return Sent((str(sent),))


HANDLERS = (Handler("bot.channels", (ChannelChanged,), on_channels),)

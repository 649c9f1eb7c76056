"""Things done at a channel's provider besides writing: the status of an order, and the like."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_
from crm_core.outbox.rows import Post, channel_lane, put

ACT = "act"
ORDER_STATUS = "order_status"
Word = Annotated[str, Field(min_length=1, max_length=64)]


@command("channel.act", title=N_("Do something at the channel's provider"), right=Right.DIALOG_WORK)
async def act(
    actor: Actor, *, channel_id: int, do: Word, target: str, values: dict[str, str] | None = None
) -> None:
    """Queue it: it leaves in the lane of the channel, however long the provider is away.

    `target` is what the provider calls it (the external id of a lead). The latest wish for the
    same thing replaces one that still waits.
    """
    if not await db.fetchval("SELECT 1 FROM channel WHERE id = $1", channel_id):
        raise NotFound("There is no such channel.")
    await put(
        Post(
            lane=channel_lane(channel_id),
            chat=f"{ACT}:{target}"[:128],
            kind=ACT,
            data={"do": do, "target": target, "values": values or {}},
            slot=f"{ACT}:{do}:{target}"[:96],
        )
    )

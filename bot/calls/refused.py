"""What the PBX did not do, for whoever asked for it."""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.calls.doings import CallOrderFailed
from crm_core.kernel import db
from crm_core.kernel.journal import Event
from crm_core.outbox.rows import BOT_LANE, Post

# A ringing phone waits for nobody.
RING_PRIORITY = 1
CHAT = "SELECT telegram_id FROM employee WHERE id = $1 AND active AND telegram_id IS NOT NULL"


async def refusals(facts: Sequence[Event]) -> list[Post]:
    """What the PBX did not do, told to whoever asked for it."""
    found = []
    for one in facts:
        if isinstance(one, CallOrderFailed) and one.actor_id:
            chat = await db.fetchval(CHAT, one.actor_id)
            data = {"error": one.error}
            slot = f"order:{one.order_id}"
            if chat:
                found.append(
                    Post(
                        lane=BOT_LANE,
                        chat=str(chat),
                        kind="callfault",
                        data=data,
                        priority=RING_PRIORITY,
                        slot=slot,
                    )
                )
    return found

"""Dialogs to begin with: a queue, an account, clients who have written."""

from __future__ import annotations

from crm_core.dialogs import commands
from crm_core.dialogs.messages import InboundMessage
from crm_core.kernel import db
from crm_core.kernel.actors import Actor
from crm_core.kernel.pump import Pump
from crm_core.kernel.wake import Wakeups
from crm_core.staff.commands import Strategy
from routing.draining import HANDLERS
from routing.inbound import store
from tests import factories

RECOUNT = """
SELECT id, load, (SELECT count(*) FROM dialog d
  WHERE (d.state = 'open' AND d.assignee_id = e.id)
     OR (d.state = 'waiting' AND d.offered_to_id = e.id))
  + (SELECT count(*) FROM request r
  WHERE (r.state = 'accepted' AND r.responsible_id = e.id)
     OR (r.state = 'new' AND r.offered_to_id = e.id)) AS held FROM employee e
"""


async def account(kind: str = "telegram", strategy: Strategy = "least_loaded") -> int:
    """A queue and a channel account that belongs to it."""
    await factories.queue(strategy=strategy)
    return await factories.channel(kind=kind, name=kind)


async def says(channel_id: int, *messages: InboundMessage) -> None:
    """Clients write."""
    async with db.transaction():
        await store.apply([(channel_id, message) for message in messages])


async def dialog(channel_id: int, chat: str = "c1") -> int:
    """A client of this chat writes; the id of the dialog."""
    await says(channel_id, factories.message(chat=chat))
    found: int = await db.fetchval("SELECT max(id) FROM dialog WHERE chat = $1", chat)
    return found


async def held_by(actor: Actor, channel_id: int, chat: str = "c1") -> int:
    """A dialog this person has accepted."""
    dialog_id = await dialog(channel_id, chat)
    await commands.accept(actor, dialog_id=dialog_id)
    return dialog_id


async def events(*types: str) -> list[str]:
    """Types of the facts in the journal, oldest first."""
    rows = await db.fetch("SELECT type FROM event ORDER BY id")
    return [row["type"] for row in rows if not types or row["type"] in types]


async def state(dialog_id: int) -> tuple[str, int | None, int | None]:
    """State, who has it, who is asked."""
    row = await db.fetchrow(
        "SELECT state, assignee_id, offered_to_id FROM dialog WHERE id = $1", dialog_id
    )
    assert row is not None
    return row["state"], row["assignee_id"], row["offered_to_id"]


async def require_true_loads() -> None:
    """Every person's counter says what they really hold."""
    wrong = [dict(row) for row in await db.fetch(RECOUNT) if row["load"] != row["held"]]
    assert wrong == []


async def pump() -> None:
    """Hand all facts to the routing's handlers."""
    await Pump(HANDLERS, Wakeups()).drain()

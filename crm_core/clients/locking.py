"""Holding cards while they change; a card folded into another one leads there."""

from __future__ import annotations

from crm_core.clients.access import require_write
from crm_core.kernel import db
from crm_core.kernel.actors import Actor
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_

NO_CLIENT = N_("There is no such client.")

LOCK = """
SELECT id, name, kind, manager_id, merged_into_id FROM client WHERE id = $1 FOR NO KEY UPDATE
"""
LIVE = """
WITH RECURSIVE chain AS (
  SELECT id, merged_into_id FROM client WHERE id = $1
  UNION ALL
  SELECT c.id, c.merged_into_id FROM client c JOIN chain ON c.id = chain.merged_into_id)
SELECT id FROM chain WHERE merged_into_id IS NULL
"""


async def locked(actor: Actor, client_id: int) -> db.Row:
    """The live card's row, held until the transaction ends; NotFound, Forbidden."""
    row = await db.fetchrow(LOCK, client_id)
    while row is not None and row["merged_into_id"]:
        row = await db.fetchrow(LOCK, row["merged_into_id"])
    if row is None:
        raise NotFound(NO_CLIENT)
    await require_write(actor, row["id"])
    return row


async def live(client_id: int) -> int:
    """The id of the card that stands for this one now; NotFound."""
    found: int | None = await db.fetchval(LIVE, client_id)
    if found is None:
        raise NotFound(NO_CLIENT)
    return found

"""What people decide about proposals; merging itself is `client.merge`."""

from __future__ import annotations

from crm_core.clients.access import require_read
from crm_core.clients.locking import live
from crm_core.duplicates import matching, pairs
from crm_core.duplicates.events import DuplicateDismissed
from crm_core.duplicates.reasons import Match
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

HOLD = "SELECT id FROM client WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"


@command("duplicate.dismiss", title=N_("These are two clients"), right=Right.CLIENT_MERGE)
async def dismiss(actor: Actor, *, one_id: int, two_id: int) -> None:
    """Say that two cards are not the same client: they are proposed again only for a new reason."""
    for one in (one_id, two_id):
        await require_read(actor, one)
    pair = pairs.ordered(one_id, two_id)
    await db.fetch(HOLD, pair)
    if one_id == two_id or {await live(one_id), await live(two_id)} != set(pair):
        raise Conflict(N_("One of these cards has been merged meanwhile. Open it again."))
    match = (await matching.rescored([pair])).get(pair, Match(0, ()))
    pair_id = await pairs.dismiss(pair, match, actor.id)
    if pair_id is not None:
        event = DuplicateDismissed(client_id=pair[1], pair_id=pair_id, other_id=pair[0])
        await emit(event, actor=actor.key)


WALK = """
INSERT INTO client_due (client_id, later)
SELECT id, true FROM client WHERE merged_into_id IS NULL ORDER BY id
"""


@command("duplicate.rescan", title=N_("Look for duplicates anew"), right=Right.STAFF_WRITE)
async def rescan(_actor: Actor) -> int:
    """Look through all clients again in the background; returns how many there are."""
    if await db.fetchval("SELECT 1 FROM client_due WHERE later LIMIT 1"):
        raise Invalid(N_("All clients are being looked through already."))
    return await db.execute(WALK)

"""Two cards become one, and apart again: which rows moved is written down, nothing is deleted.

Dialogs and messages follow the identity they were written with, so that after an undo nobody's
words stand on somebody else's card. Notes, contacts and facts written after a merge stay with
the kept card.
"""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from crm_core.clients import carrying, choosing
from crm_core.clients.access import require_write
from crm_core.clients.events import ClientsMerged, ClientsUnmerged
from crm_core.clients.linkcarrying import has_links
from crm_core.clients.locking import NO_CLIENT
from crm_core.duplicates import pairs
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit

# Merges are rare and touch many rows: one at a time in the whole house.
MERGE_LOCK = 0x4D455247

TABLES = ("identity", "dialog", "message", "client_note", "event", "request", "call")


@dataclass(frozen=True, slots=True)
class Merged:
    """`merge_id` is what the undo button carries."""

    merge_id: int
    kept_id: int
    gone_id: int


# In the order others take them: identity, request, dialog, card. So nobody waits in a circle.
HOLD = (
    "SELECT id FROM identity WHERE client_id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE",
    "SELECT id FROM request WHERE client_id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE",
    "SELECT id FROM dialog WHERE client_id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE",
)
CARDS = """
SELECT id, name, kind, merged_into_id FROM client WHERE id = ANY($1::bigint[])
ORDER BY id FOR NO KEY UPDATE
"""


async def _hold(actor: Actor, *client_ids: int) -> dict[int, db.Row]:
    await db.execute("SELECT pg_advisory_xact_lock($1)", MERGE_LOCK)
    for statement in HOLD:
        await db.fetch(statement, client_ids)
    cards = {row["id"]: row for row in await db.fetch(CARDS, client_ids)}
    if len(cards) < len(client_ids):
        raise NotFound(NO_CLIENT)
    for one in client_ids:
        await require_write(actor, one)
    return cards


@command("client.merge", title=N_("Merge two clients"), right=Right.CLIENT_MERGE)
async def merge(actor: Actor, *, kept_id: int, gone_id: int, take: tuple[str, ...] = ()) -> Merged:
    """Fold one client's card into another one.

    `take` names the fields whose value comes from the folded card (`name`, `manager`, …); all
    others stay as the kept card has them.
    """
    if kept_id == gone_id:
        raise Invalid(N_("A card can't be merged with itself."))
    cards = await _hold(actor, kept_id, gone_id)
    if any(card["merged_into_id"] for card in cards.values()):
        raise Conflict(N_("One of these cards has been merged meanwhile. Open it again."))
    if cards[kept_id]["kind"] != cards[gone_id]["kind"] and await has_links(gone_id):
        raise Conflict(N_("A person and a company with links can't become one card."))
    chosen = await choosing.take_over(actor, kept_id, gone_id, take)
    moved = {table: await _move(table, gone_id, kept_id) for table in TABLES}
    await db.execute("UPDATE client SET merged_into_id = $2 WHERE id = $1", gone_id, kept_id)
    merge_id = await _record(actor, (kept_id, gone_id), moved, chosen)
    await carrying.lift(merge_id, kept_id, gone_id)
    await pairs.merged(kept_id, gone_id, actor.id)
    name = cards[gone_id]["name"]
    event = ClientsMerged(client_id=kept_id, merge_id=merge_id, gone_id=gone_id, gone_name=name)
    await emit(event, actor=actor.key)
    return Merged(merge_id, kept_id, gone_id)


async def _move(table: str, gone_id: int, kept_id: int) -> list[int]:
    rows = await db.fetch(
        f"UPDATE {table} SET client_id = $2 WHERE client_id = $1 RETURNING id",  # noqa: S608
        gone_id,
        kept_id,
    )
    return sorted(row["id"] for row in rows)


RECORD = """
INSERT INTO client_merge (kept_id, gone_id, author_id, at, moved, chosen)
VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb) RETURNING id
"""


async def _record(
    actor: Actor, cards: tuple[int, int], moved: dict[str, list[int]], chosen: choosing.Chosen
) -> int:
    texts = [orjson.dumps(one).decode() for one in (moved, chosen)]
    merge_id: int = await db.fetchval(RECORD, *cards, actor.id, clock.now(), *texts)
    return merge_id


@command("client.unmerge", title=N_("Undo a merge"), right=Right.CLIENT_MERGE)
async def unmerge(actor: Actor, *, merge_id: int) -> Merged:
    """Take a merge back: the folded card stands again with all that was its own."""
    done = await db.fetchrow("SELECT kept_id, gone_id FROM client_merge WHERE id = $1", merge_id)
    if done is None:
        raise NotFound(N_("There is no such merge."))
    kept_id, gone_id = done["kept_id"], done["gone_id"]
    cards = await _hold(actor, kept_id, gone_id)
    moved = await _claim_undo(merge_id)
    if cards[kept_id]["merged_into_id"]:
        raise Conflict(N_("The kept card was merged later on: undo that merge first."))
    await _give_back(moved, kept_id, gone_id)
    await db.execute("UPDATE client SET merged_into_id = NULL WHERE id = $1", gone_id)
    await carrying.uncover(kept_id, gone_id)
    await choosing.give_back(actor, merge_id, kept_id)
    await pairs.apart(kept_id, gone_id)
    name = cards[gone_id]["name"]
    event = ClientsUnmerged(client_id=kept_id, merge_id=merge_id, gone_id=gone_id, gone_name=name)
    await emit(event, actor=actor.key)
    return Merged(merge_id, kept_id, gone_id)


async def _claim_undo(merge_id: int) -> dict[str, list[int]]:
    text = await db.fetchval(
        "UPDATE client_merge SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL"
        " RETURNING moved",
        merge_id,
        clock.now(),
    )
    if text is None:
        raise Conflict(N_("This merge has already been undone."))
    moved: dict[str, list[int]] = orjson.loads(text)
    return moved


BACK = "UPDATE {table} SET client_id = $2 WHERE client_id = $1 AND id = ANY($3::bigint[])"
DIALOGS_BACK = """
UPDATE dialog SET client_id = $2
WHERE client_id = $1 AND (id = ANY($3::bigint[]) OR identity_id = ANY($4::bigint[]))
"""
WITH_DIALOGS = """
UPDATE {table} t SET client_id = $2 FROM dialog d
WHERE t.client_id = $1 AND d.id = t.dialog_id AND d.client_id = $2
"""


async def _give_back(moved: dict[str, list[int]], kept_id: int, gone_id: int) -> None:
    await carrying.give_back(moved, kept_id, gone_id)
    for table in TABLES:
        await db.execute(BACK.format(table=table), kept_id, gone_id, moved.get(table, []))
    await db.execute(DIALOGS_BACK, kept_id, gone_id, moved["dialog"], moved["identity"])
    for table in ("message", "event"):
        await db.execute(WITH_DIALOGS.format(table=table), kept_id, gone_id)

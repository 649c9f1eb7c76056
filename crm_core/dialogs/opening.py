"""Writing first: a dialog with a client who has not written in this channel, by a contact."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from crm_core.clients.access import require_read
from crm_core.clients.locking import locked
from crm_core.dialogs import access, capabilities
from crm_core.dialogs import commands as dialogs
from crm_core.dialogs.events import DialogAccepted, DialogOpened
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM, Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A channel account that can write first to one of a client's contacts. `threads`: each
    beginning is a conversation of its own, with a subject; else there is one chat an address."""

    channel_id: int
    channel_name: str
    contact_id: int
    value: str
    threads: bool


WAYS = """
SELECT c.id AS channel_id, c.kind, c.name AS channel_name, p.id AS contact_id,
  p.kind AS contact_kind, p.value
FROM contact_point p CROSS JOIN channel c
WHERE p.client_id = $1 AND c.active AND c.kind <> 'removed' ORDER BY c.id, p.id
"""


async def openings(client_id: int) -> list[Opening]:
    """Ways to write first, whether there is a dialog already or not."""
    rows = await db.fetch(WAYS, client_id)
    return [
        Opening(
            channel_id=row["channel_id"],
            channel_name=row["channel_name"],
            contact_id=row["contact_id"],
            value=row["value"],
            threads=caps.threads,
        )
        for row in rows
        if (caps := capabilities.of(row["kind"])).opens_with == row["contact_kind"]
    ]


async def opening(client_id: int, channel_id: int, contact_id: int) -> Opening:
    """One of them; NotFound when it is not there (any more)."""
    for one in await openings(client_id):
        if (one.channel_id, one.contact_id) == (channel_id, contact_id):
            return one
    raise NotFound(N_("This channel can't write first to this contact."))


IDENTITY = """
INSERT INTO identity (channel_id, external_id, name, client_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (channel_id, external_id) DO UPDATE SET reachable = true RETURNING id, client_id
"""
OPEN = """
INSERT INTO dialog (channel_id, chat, identity_id, client_id, queue_id, state, assignee_id,
  opened_at, accepted_at, last_at, reason)
SELECT $1, $2, $3, $4, coalesce(queue_id, (SELECT min(id) FROM queue WHERE is_default)), 'open',
  $5, $6, $6, $6, '{"why": "begun"}' FROM channel WHERE id = $1
ON CONFLICT (channel_id, chat) WHERE state <> 'closed' DO NOTHING RETURNING id
"""
LIVE = """
SELECT d.id, d.state, d.assignee_id, e.name FROM dialog d
LEFT JOIN employee e ON e.id = d.assignee_id
WHERE d.channel_id = $1 AND d.chat = $2 AND d.state <> 'closed'
"""


@command("dialog.open", title=N_("Write to a client first"), right=Right.DIALOG_WORK)
async def open_dialog(actor: Actor, *, client_id: int, channel_id: int, contact_id: int) -> int:
    """The actor's dialog with a client at one of their contacts; a waiting one is accepted.

    Returns its id. A colleague's dialog stays theirs, another card's address with it (Conflict).
    """
    await require_read(actor, client_id)
    client = await locked(SYSTEM, client_id)
    way = await opening(client["id"], channel_id, contact_id)
    identity = await db.fetchrow(IDENTITY, channel_id, way.value, client["name"], client["id"])
    assert identity is not None  # noqa: S101 - an upsert gives its row
    if identity["client_id"] != client["id"]:
        raise Conflict("This address belongs to another client's card: merge the cards first.")
    chat = secrets.token_hex(8) if way.threads else way.value
    where = (channel_id, chat, identity["id"], client["id"], actor.id or None, clock.now())
    dialog_id: int | None = await db.fetchval(OPEN, *where)
    if dialog_id is None:
        return await _live(actor, channel_id, chat)
    await access.lock_staff(actor.id)
    await access.refresh_load(actor.id)
    about = {"dialog_id": dialog_id, "client_id": client["id"]}
    await emit(
        DialogOpened(channel_id=channel_id, **about),
        DialogAccepted(employee_id=actor.id, **about),
        actor=actor.key,
    )
    return dialog_id


async def _live(actor: Actor, channel_id: int, chat: str) -> int:
    row = await db.fetchrow(LIVE, channel_id, chat)
    assert row is not None  # noqa: S101 - the insert has just met it
    found: int = row["id"]
    if row["state"] == "waiting":
        await dialogs.accept(actor, dialog_id=found)
    elif row["assignee_id"] != actor.id and not actor.may(Right.DIALOG_ALL):
        raise Conflict("%(name)s has already taken this dialog.", name=row["name"] or "—")
    return found

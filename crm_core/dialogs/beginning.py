"""Writing first: a dialog we begin, in a channel whose addresses we know."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from crm_core.accounts.queries import accounts
from crm_core.clients.access import require_read
from crm_core.clients.queries import ClientCard
from crm_core.dialogs import access, capabilities
from crm_core.dialogs.events import DialogAccepted, DialogOpened
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """An address of a client in an account that lets us write first. `threads`: each beginning is
    a conversation of its own, with a subject."""

    channel_id: int
    channel_name: str
    contact_id: int
    address: str
    threads: bool


async def ways(card: ClientCard) -> list[Way]:
    """Where this client can be written to first."""
    found = []
    for account in await accounts(active_only=True):
        caps = capabilities.of(account.kind)
        found += [
            Way(
                channel_id=account.id,
                channel_name=account.name,
                contact_id=one.id,
                address=one.value,
                threads=caps.threads,
            )
            for one in card.contacts
            if caps.threads and one.kind == caps.opens_with
        ]
    return found


def way_of(found: Sequence[Way], channel_id: int, contact_id: int) -> Way:
    """One of them; NotFound when it is there no more."""
    for one in found:
        if (one.channel_id, one.contact_id) == (channel_id, contact_id):
            return one
    raise NotFound("This way to the client is no longer there.")


CONTACT = """
SELECT p.kind, p.value, c.kind AS channel_kind, c.active FROM contact_point p, channel c
WHERE p.id = $1 AND p.client_id = $2 AND c.id = $3
"""
IDENTITY = """
INSERT INTO identity (channel_id, external_id, name, client_id)
VALUES ($1, $2, (SELECT name FROM client WHERE id = $3), $3)
ON CONFLICT (channel_id, external_id) DO UPDATE SET reachable = true RETURNING id, client_id
"""
OPEN = """
INSERT INTO dialog (channel_id, chat, identity_id, client_id, queue_id, state, assignee_id,
  opened_at, accepted_at, last_at, reason)
SELECT $1, $2, $3, $4, coalesce(c.queue_id, (SELECT min(id) FROM queue WHERE is_default)), 'open',
  $5, $6, $6, $6, '{"why": "begun"}' FROM channel c WHERE c.id = $1
ON CONFLICT (channel_id, chat) WHERE state <> 'closed' DO NOTHING RETURNING id
"""


@command("dialog.begin", title=N_("Write to a client first"), right=Right.DIALOG_WORK)
async def begin(actor: Actor, *, client_id: int, channel_id: int, contact_id: int) -> int:
    """Open a dialog with one of the client's addresses; it is the actor's. Returns its id."""
    await require_read(actor, client_id)
    row = await db.fetchrow(CONTACT, contact_id, client_id, channel_id)
    if row is None or not row["active"]:
        raise NotFound("This way to the client is no longer there.")
    caps = capabilities.of(row["channel_kind"])
    if not caps.opens_with or row["kind"] != caps.opens_with:
        raise Conflict("In this channel the client has to write first.")
    await access.lock_staff(actor.id)
    person = await db.fetchrow(IDENTITY, channel_id, row["value"], client_id)
    assert person is not None  # noqa: S101 - inserted or found by this very statement
    if person["client_id"] != client_id:
        raise Conflict("This address belongs to another client's card: merge the cards first.")
    chat = secrets.token_hex(8) if caps.threads else row["value"]
    where = (channel_id, chat, person["id"], client_id, actor.id, clock.now())
    dialog_id: int | None = await db.fetchval(OPEN, *where)
    if dialog_id is None:
        raise Conflict("There is already an open dialog here: continue it.")
    await access.refresh_load(actor.id)
    await emit(
        DialogOpened(dialog_id=dialog_id, client_id=client_id, channel_id=channel_id),
        DialogAccepted(dialog_id=dialog_id, client_id=client_id, employee_id=actor.id),
        actor=actor.key,
    )
    return dialog_id

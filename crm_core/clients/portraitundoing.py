"""How fields, statuses and roles of a card are taken back."""

from __future__ import annotations

import orjson

from crm_core.clients.cardfields import ClientFieldSet, set_field
from crm_core.clients.locking import locked
from crm_core.clients.roles import ClientRolesSet, Counterparty, set_roles
from crm_core.clients.standing.commands import set_status
from crm_core.clients.standing.events import ClientStatusSet
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.journal import Event
from crm_core.undo.registry import Left, undoable, unless_moved_on

NOTHING: Left = ()


async def _held(actor: Actor, fact: Event) -> int:
    assert fact.client_id is not None  # noqa: S101 - facts of a card name it
    card = await locked(actor, fact.client_id)
    return int(card["id"])


@undoable(ClientFieldSet, right=Right.CLIENT_WRITE)
async def _field_back(actor: Actor, fact: ClientFieldSet) -> Left:
    client_id = await _held(actor, fact)
    kept = await db.fetchval("SELECT fields -> $2 FROM client WHERE id = $1", client_id, fact.field)
    unless_moved_on(None if kept is None else orjson.loads(kept), fact.value)
    await set_field(actor, client_id=client_id, field=fact.field, value=fact.before)
    return NOTHING


@undoable(ClientRolesSet, right=Right.CLIENT_WRITE)
async def _roles_back(actor: Actor, fact: ClientRolesSet) -> Left:
    client_id = await _held(actor, fact)
    kept = await db.fetchval("SELECT roles FROM client WHERE id = $1", client_id)
    unless_moved_on(orjson.loads(kept), fact.roles)
    before = [Counterparty(one) for one in fact.before]
    await set_roles(actor, client_id=client_id, roles=before)
    return NOTHING


@undoable(ClientStatusSet, right=Right.CLIENT_WRITE)
async def _status_back(actor: Actor, fact: ClientStatusSet) -> Left:
    """What was, and from then on the conditions decide again."""
    client_id = await _held(actor, fact)
    now = await db.fetchval("SELECT status_id FROM client WHERE id = $1", client_id)
    unless_moved_on(now, fact.status_id)
    if fact.before_id is not None:
        await set_status(actor, client_id=client_id, status_id=fact.before_id)
    await set_status(actor, client_id=client_id, status_id=None)
    return NOTHING

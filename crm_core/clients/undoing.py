"""How changes of a client's card are taken back."""

from __future__ import annotations

from crm_core.clients import commands, merging
from crm_core.clients.events import (
    ClientManagerSet,
    ClientNoted,
    ClientRenamed,
    ClientsMerged,
    ContactAdded,
    ContactRemoved,
)
from crm_core.clients.locking import locked
from crm_core.clients.rules import ContactKind
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Conflict
from crm_core.undo.registry import MOVED_ON, Left, undoable, unless_moved_on

NOTHING: Left = ()


async def _stands(actor: Actor, client_id: int | None) -> db.Row:
    assert client_id is not None  # noqa: S101 - facts of a card name it
    return await locked(actor, client_id)


@undoable(ClientRenamed, right=Right.CLIENT_WRITE)
async def _name_back(actor: Actor, fact: ClientRenamed) -> Left:
    card = await _stands(actor, fact.client_id)
    unless_moved_on(card["name"], fact.name)
    await commands.rename(actor, client_id=card["id"], name=fact.before)
    return NOTHING


@undoable(ClientManagerSet, right=Right.CLIENT_WRITE)
async def _manager_back(actor: Actor, fact: ClientManagerSet) -> Left:
    card = await _stands(actor, fact.client_id)
    unless_moved_on(card["manager_id"], fact.manager_id)
    await commands.set_manager(actor, client_id=card["id"], manager_id=fact.before_id)
    return NOTHING


@undoable(ContactAdded, right=Right.CLIENT_WRITE)
async def _contact_off(actor: Actor, fact: ContactAdded) -> Left:
    card = await _stands(actor, fact.client_id)
    await commands.remove_contact(actor, client_id=card["id"], contact_id=fact.contact_id)
    return NOTHING


@undoable(ContactRemoved, right=Right.CLIENT_WRITE)
async def _contact_on(actor: Actor, fact: ContactRemoved) -> Left:
    card = await _stands(actor, fact.client_id)
    kind = ContactKind(fact.kind)
    await commands.add_contact(actor, client_id=card["id"], kind=kind, value=fact.value)
    return NOTHING


GONE = "DELETE FROM client_note WHERE id = $1 AND client_id = $2 RETURNING id"


@undoable(ClientNoted, right=Right.CLIENT_WRITE)
async def _note_off(actor: Actor, fact: ClientNoted) -> Left:
    card = await _stands(actor, fact.client_id)
    if await db.fetchval(GONE, fact.note_id, card["id"]) is None:
        raise Conflict(MOVED_ON)
    return NOTHING


@undoable(ClientsMerged, right=Right.CLIENT_MERGE)
async def _apart(actor: Actor, fact: ClientsMerged) -> Left:
    await merging.unmerge(actor, merge_id=fact.merge_id)
    return NOTHING

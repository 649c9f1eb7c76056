"""How contact persons, requisites and labels are taken back."""

from __future__ import annotations

from crm_core.clients import details, linking
from crm_core.clients.linkevents import (
    PersonLinked,
    PersonUnlinked,
    PositionChanged,
    RequisitesChanged,
)
from crm_core.clients.locking import locked
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.journal import Event
from crm_core.undo.registry import Left, undoable, unless_moved_on

NOTHING: Left = ()


async def _held(actor: Actor, fact: Event) -> int:
    assert fact.client_id is not None  # noqa: S101 - facts of a card name it
    card = await locked(actor, fact.client_id)
    return int(card["id"])


@undoable(PersonLinked, right=Right.CLIENT_WRITE)
async def _unlink(actor: Actor, fact: PersonLinked) -> Left:
    company = await _held(actor, fact)
    await linking.unlink(actor, company_id=company, person_id=fact.person_id)
    return NOTHING


@undoable(PersonUnlinked, right=Right.CLIENT_WRITE)
async def _link(actor: Actor, fact: PersonUnlinked) -> Left:
    company, person = await _held(actor, fact), fact.person_id
    await linking.link(actor, company_id=company, person_id=person, position=fact.position)
    return NOTHING


@undoable(PositionChanged, right=Right.CLIENT_WRITE)
async def _position_back(actor: Actor, fact: PositionChanged) -> Left:
    company, person = await _held(actor, fact), fact.person_id
    await linking.set_position(actor, company_id=company, person_id=person, position=fact.before)
    return NOTHING


@undoable(RequisitesChanged, right=Right.CLIENT_WRITE)
async def _requisites_back(actor: Actor, fact: RequisitesChanged) -> Left:
    company = await _held(actor, fact)
    now = await details.requisites(actor, company)
    for name, value in fact.after.items():
        unless_moved_on(getattr(now, name), value)
    values = details.Requisites(**fact.before)
    await details.set_requisites(actor, client_id=company, values=values)
    return NOTHING

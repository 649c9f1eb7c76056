"""Every kind of change of a card: done, taken back, and the card is as it was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from crm_core import slices
from crm_core.catalogues import commands as catalogues
from crm_core.catalogues import items
from crm_core.catalogues.shapes import Kind, NewItem
from crm_core.classification.queries import classified
from crm_core.clients import commands as clients
from crm_core.clients import details, queries
from crm_core.clients.standing import defining
from crm_core.clients.standing.queries import portrait
from crm_core.fields import commands as fields
from crm_core.fields.kinds import FieldKind
from crm_core.kernel import commands, db
from crm_core.kernel.actors import SYSTEM, Actor, Role
from tests import factories

Setting = Callable[[], Awaitable[dict[str, Any]]]


async def _field() -> dict[str, Any]:
    made = await fields.add(SYSTEM, title="Город", kind=FieldKind.TEXT)
    return {"field": made["key"], "value": "Тверь"}


async def _status() -> dict[str, Any]:
    await defining.add(SYSTEM, title="Новый")
    return {"status_id": await defining.add(SYSTEM, title="В работе")}


async def _item() -> dict[str, Any]:
    one = await catalogues.create(SYSTEM, title="Отрасль", kind=Kind.FLAT, classifies=True)
    return {"item_id": await items.add(SYSTEM, catalogue_id=one, item=NewItem(title="Цветы"))}


async def _roles() -> dict[str, Any]:
    return {"roles": ["client", "partner"]}


async def _requisites() -> dict[str, Any]:
    return {"values": {"inn": "7707083893"}}


async def _everything(actor: Actor, client_id: int) -> tuple[object, ...]:
    """What a card says, all of it."""
    card = await queries.card(SYSTEM, client_id)
    side = await portrait(SYSTEM, client_id)
    links = await db.fetchval(
        "SELECT count(*) FROM client_link WHERE company_id = $1 AND until IS NULL", client_id
    )
    return (
        (card.name, card.manager_id, card.contacts, card.notes),
        (side.status, side.roles, side.values),
        await classified(SYSTEM, client_id),
        await details.requisites(actor, client_id),
        links,
    )


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("client.set_field", _field),
        ("client.set_status", _status),
        ("client.set_roles", _roles),
        ("client.classify", _item),
        ("client.set_requisites", _requisites),
    ],
)
async def test_taken_back_the_card_is_as_it_was(opened: str, name: str, setting: Setting) -> None:
    slices.load()
    actor = await factories.employee(role=Role.HEAD)
    given = await setting()
    one = (await clients.create(actor, name="ООО Липа", kind="company")).client_id
    before = await _everything(actor, one)
    await commands.run(actor, name, {"client_id": one, **given})
    assert await _everything(actor, one) != before
    event = await db.fetchval("SELECT max(id) FROM event WHERE client_id = $1", one)
    await commands.run(actor, "undo.take_back", {"event_id": event})
    assert await _everything(actor, one) == before


async def test_a_contact_person_put_on_by_mistake_is_taken_off(opened: str) -> None:
    slices.load()
    actor = await factories.employee()
    company = (await clients.create(actor, name="ООО Липа", kind="company")).client_id
    person = (await clients.create(actor, name="Ольга Ким")).client_id
    pair = {"company_id": company, "person_id": person}
    before = await _everything(actor, company)
    await commands.run(actor, "client.link", {**pair, "position": "бухгалтер"})
    event = "SELECT max(id) FROM event WHERE type = $1"
    number = await db.fetchval(event, "PersonLinked")
    await commands.run(actor, "undo.take_back", {"event_id": number})
    assert await _everything(actor, company) == before
    await commands.run(actor, "client.link", {**pair, "position": "бухгалтер"})
    linked = await _everything(actor, company)
    await commands.run(actor, "client.unlink", pair)
    await commands.run(
        actor, "undo.take_back", {"event_id": await db.fetchval(event, "PersonUnlinked")}
    )
    assert await _everything(actor, company) == linked

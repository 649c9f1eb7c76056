"""Writing first: only to known addresses, only where the channel lets us, never into others'."""

from __future__ import annotations

import pytest

from crm_core.clients import commands as clients
from crm_core.clients import queries
from crm_core.dialogs.opening import open_dialog, openings
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.errors import Conflict, NotFound
from tests import factories

MAIL = {
    "address": "sales@shop.example",
    "password": "secret",
    "incoming": "none",
    "smtp_host": "smtp.shop.example",
}


async def test_each_beginning_is_a_thread_of_its_own(opened: str) -> None:
    await factories.queue()
    mail = await factories.channel("email", "Почта", **MAIL)
    await factories.channel("webchat", "Сайт")
    anna = await factories.employee("Анна")
    made = await clients.create(
        SYSTEM, name="Иван", email="ivan@client.example", phone="89123456789"
    )
    [way] = await openings(made.client_id)
    assert (way.channel_id, way.value, way.threads) == (mail, "ivan@client.example", True)
    where = {"client_id": made.client_id, "channel_id": mail, "contact_id": way.contact_id}
    first = await open_dialog(anna, **where)
    second = await open_dialog(anna, **where)
    assert first != second
    rows = await db.fetch("SELECT state, assignee_id, client_id FROM dialog")
    assert {tuple(row.values()) for row in rows} == {("open", anna.id, made.client_id)}
    assert await db.fetchval("SELECT load FROM employee WHERE id = $1", anna.id) == 2
    assert await db.fetchval("SELECT count(*) FROM identity") == 1


async def test_an_address_of_another_card_is_refused(opened: str) -> None:
    mail = await factories.channel("email", "Почта", **MAIL)
    anna = await factories.employee("Анна")
    one, other = [
        await clients.create(SYSTEM, name=name, email="both@client.example") for name in ("А", "Б")
    ]
    cards = [await queries.card(SYSTEM, made.client_id) for made in (one, other)]
    contacts = [card.contacts[0].id for card in cards]
    await open_dialog(anna, client_id=one.client_id, channel_id=mail, contact_id=contacts[0])
    with pytest.raises(Conflict):
        await open_dialog(anna, client_id=other.client_id, channel_id=mail, contact_id=contacts[1])
    with pytest.raises(NotFound):
        await open_dialog(anna, client_id=one.client_id, channel_id=mail, contact_id=contacts[1])


async def test_where_the_client_has_to_write_first(opened: str) -> None:
    site = await factories.channel("webchat", "Сайт")
    anna = await factories.employee("Анна")
    made = await clients.create(SYSTEM, name="Иван", email="ivan@client.example")
    contact = (await queries.card(SYSTEM, made.client_id)).contacts[0].id
    with pytest.raises(NotFound):
        await open_dialog(anna, client_id=made.client_id, channel_id=site, contact_id=contact)

"""What a request becomes: a card, or a dialog."""

from __future__ import annotations

import pytest

from crm_core.clients import commands as clients
from crm_core.clients import queries as cards
from crm_core.clients.rules import ContactKind
from crm_core.clients.timeline import ItemKind, timeline
from crm_core.dialogs import commands as dialogs
from crm_core.dialogs.messages import Sender
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.kernel.errors import Conflict, Missing
from crm_core.requests import commands, outcomes
from crm_core.requests.shapes import Origin, Person
from tests import factories, scene
from tests.factories_requests import comes, lead, request, row

pytestmark = pytest.mark.usefixtures("opened")


async def test_an_unknown_person_becomes_a_client_with_what_was_told() -> None:
    await factories.queue()
    anna = await factories.employee()
    number = await request("8 912 345-67-89", "Олег Петров")
    done = await outcomes.to_client(anna, request_id=number)
    assert done.client_id is not None
    card = await cards.card(SYSTEM, done.client_id)
    assert (card.name, card.manager_id) == ("Олег Петров", anna.id)
    assert [one.value for one in card.contacts] == ["+79123456789"]
    kept = await row(number)
    assert (kept["state"], kept["outcome"]) == ("done", "client")
    assert (kept["client_id"], kept["responsible_id"]) == (card.id, anna.id)
    await scene.require_true_loads()


async def test_the_chosen_and_the_known_card_are_taken() -> None:
    await factories.queue()
    anna = await factories.employee()
    one = await clients.create(SYSTEM, name="Олег", phone="+79123456789")
    other = await clients.create(SYSTEM, name="Олег П.")
    known = await outcomes.to_client(anna, request_id=await request("+79123456789"))
    assert known.client_id == one.client_id
    chosen = await outcomes.to_client(
        anna, request_id=await request("+79123456789"), client_id=other.client_id
    )
    assert chosen.client_id == other.client_id
    assert await db.fetchval("SELECT count(*) FROM client") == 2


async def test_same_contacts_are_told_and_never_merged() -> None:
    anna = await factories.employee(role=Role.HEAD)
    one = await clients.create(SYSTEM, name="Олег", phone="+79123456789")
    two = await clients.create(SYSTEM, name="Ольга", phone="+79123456789")
    done = await outcomes.to_client(anna, request_id=await request("+79123456789"), name="Ольга")
    assert done.duplicates == (two.client_id, one.client_id), "the likelier one first"
    assert await db.fetchval("SELECT count(*) FROM client WHERE merged_into_id IS NULL") == 3


async def test_a_nameless_one_is_asked_for_a_name() -> None:
    found = await commands.register(SYSTEM, origin=Origin(source="Сайт"), person=Person())
    with pytest.raises(Missing) as lacking:
        await outcomes.to_client(SYSTEM, request_id=found.request_id)
    assert lacking.value.fields == ("name",)
    assert (await row(found.request_id))["state"] == "new"


async def test_what_is_no_phone_stays_with_the_request() -> None:
    found = await request("перезвоните", "Олег")
    done = await outcomes.to_client(SYSTEM, request_id=found)
    assert done.client_id is not None
    assert (await cards.card(SYSTEM, done.client_id)).contacts == ()


async def test_a_dialog_in_the_chat_the_request_came_from() -> None:
    channel = await scene.account()
    anna = await factories.employee()
    await comes(channel, lead(chat="55", sender=Sender(external_id="55", name="Олег")))
    done = await outcomes.to_dialog(anna, request_id=1)
    dialog = await db.fetchrow("SELECT * FROM dialog")
    assert dialog is not None
    assert done.dialog_id == dialog["id"]
    assert (dialog["state"], dialog["assignee_id"], dialog["chat"]) == ("open", anna.id, "55")
    assert dialog["client_id"] == done.client_id
    await scene.says(channel, factories.message(chat="55"))
    assert await db.fetchval("SELECT count(*) FROM dialog") == 1, "the answer comes into it"
    await scene.require_true_loads()


async def test_a_waiting_dialog_of_the_chat_is_accepted() -> None:
    channel = await scene.account()
    anna = await factories.employee()
    number = await scene.dialog(channel, "55")
    await comes(channel, lead(chat="55", sender=Sender(external_id="55", name="Олег")))
    assert (await row(1))["dialog_id"] == number
    await outcomes.to_dialog(anna, request_id=1)
    assert await scene.state(number) == ("open", anna.id, None)
    await scene.require_true_loads()


async def test_a_known_client_is_written_to_where_they_wrote_last() -> None:
    channel = await scene.account()
    anna = await factories.employee()
    number = await scene.held_by(anna, channel, "55")
    await dialogs.close(anna, dialog_id=number)
    client_id = await db.fetchval("SELECT client_id FROM dialog")
    await clients.add_contact(
        SYSTEM, client_id=client_id, kind=ContactKind.PHONE, value="+79123456789"
    )
    done = await outcomes.to_dialog(anna, request_id=await request("+79123456789"))
    assert done.dialog_id == number + 1
    assert await scene.state(number + 1) == ("open", anna.id, None)


async def test_who_can_not_be_written_to_stays_a_request() -> None:
    number = await request("+79123456789")
    with pytest.raises(Conflict, match="can't be written to"):
        await outcomes.to_dialog(SYSTEM, request_id=number)
    assert (await row(number))["state"] == "new"


async def test_the_timeline_shows_requests_and_what_became_of_them() -> None:
    await factories.queue()
    anna = await factories.employee()
    made = await clients.create(SYSTEM, name="Олег", phone="+79123456789")
    first, second = await request("+79123456789"), await request("+79123456789")
    await commands.reject(anna, request_id=first, reason="Spam")
    await outcomes.to_client(anna, request_id=second)
    items = await timeline(SYSTEM, made.client_id)
    assert [one.what for one in items if one.kind is ItemKind.EVENT][:2] == [
        "RequestDone",
        "RequestRejected",
    ]
    requests = await timeline(SYSTEM, made.client_id, kinds={ItemKind.REQUEST})
    assert [(one.what, one.data["rejected_for"]) for one in requests] == [
        ("done", None),
        ("rejected", "Spam"),
    ]
    assert requests[0].data["subject"] == "Нужны розы"

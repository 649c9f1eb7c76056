"""Leads from channels become requests: once each, at the right client, with all they carry."""

from __future__ import annotations

from decimal import Decimal

import orjson
import pytest

from crm_core.dialogs.messages import LeadItem, Sender
from crm_core.kernel import db
from routing.contracts import RawEvent
from routing.inbound.pipe import InboundPipe
from tests import factories, scene
from tests.factories_requests import comes, lead, row

pytestmark = pytest.mark.usefixtures("opened")


async def test_everything_a_lead_carries_is_kept() -> None:
    channel = await scene.account()
    person = Sender(external_id="p", name="Олег", phone="89123456789", email="O@Example.com")
    await comes(
        channel,
        lead(
            source="UIS",
            sender=person,
            items=(LeadItem(title="Розы", quantity=Decimal(3), price=Decimal("150.50")),),
            amount=Decimal("451.50"),
            currency="RUB",
            campaign={"utm_source": "ya"},
            visit="v9",
            page="https://shop.example/roses",
            recording="https://uis.example/r.mp3",
            fields={"Доставка": "Тверь"},
        ),
    )
    kept = await row(1)
    assert (kept["kind"], kept["source"], kept["queue_id"]) == ("order", "UIS", 1)
    assert orjson.loads(kept["person"]) == {
        "name": "Олег",
        "phone": "+79123456789",
        "email": "o@example.com",
    }
    assert orjson.loads(kept["items"]) == [{"title": "Розы", "quantity": "3", "price": "150.50"}]
    assert (kept["amount"], kept["currency"]) == (Decimal("451.50"), "RUB")
    assert (kept["visit"], kept["page"]) == ("v9", "https://shop.example/roses")
    assert kept["recording"] == "https://uis.example/r.mp3"
    assert orjson.loads(kept["details"]) == {"Доставка": "Тверь"}
    assert orjson.loads(kept["campaign"]) == {"utm_source": "ya"}
    assert kept["client_id"] is None, "who it is nobody knows yet"
    assert await db.fetchval("SELECT count(*) FROM client") == 0


async def test_the_same_id_again_changes_the_request() -> None:
    channel = await scene.account()
    await comes(channel, lead(external_id="7", text="Есть розы?"))
    await comes(channel, lead(external_id="7", text="Есть розы? Нужно сто."))
    assert await db.fetchval("SELECT count(*) FROM request") == 1
    assert (await row(1))["text"] == "Есть розы? Нужно сто."


async def test_who_can_be_answered_in_the_channel_has_an_identity() -> None:
    channel = await scene.account()
    await comes(channel, lead(chat="55", sender=Sender(external_id="55", name="Олег")))
    kept = await row(1)
    name = await db.fetchval("SELECT name FROM client WHERE id = $1", kept["client_id"])
    assert (name, kept["chat"]) == ("Олег", "55")


async def test_through_the_pipe_and_far_too_long() -> None:
    """Strangers write what they like: it is cut, never lost."""
    channel = await scene.account()
    huge = lead(
        external_id="x" * 500,
        source=" " * 3,
        subject="Д" * 5000,
        text="Т" * 50_000,
        sender=Sender(external_id="p" * 300, name="И\0" * 400, phone="1" * 300),
        campaign={"k" * 300: "v" * 300},
        fields={"f" * 300: "w" * 30_000},
        page="p" * 5000,
        visit="v" * 500,
        currency="рублей РФ",
    )
    door = InboundPipe().intake(channel, lambda _body: [huge])
    assert await door.accept(RawEvent(key="1", body={}))
    assert await db.fetchval("SELECT state FROM raw_event") == "done"
    kept = await row(1)
    assert (len(kept["subject"]), len(kept["text"])) == (200, 20_000)
    assert kept["source"] == "—"


async def test_no_sender_at_all() -> None:
    channel = await scene.account()
    await comes(channel, lead(sender=None))
    assert orjson.loads((await row(1))["person"]) == {}
    await factories.employee()

"""Calls of the services over HTTP: each lead once, whole, and never a lost one."""

from __future__ import annotations

import orjson
import pytest

from crm_core.kernel import db
from tests.channels.leads import payloads
from tests.channels.leads.conftest import Hub, requests

JSON = {"Content-Type": "application/json"}


async def replayed(hub: Hub, url: str, *calls: dict[str, str]) -> None:
    """Each notification twice, as services repeat what they think was lost."""
    for one in calls:
        for _ in range(2):
            status, told = await hub.post(url, data=payloads.template(one), headers=JSON)
            assert (status, orjson.loads(told)) == (200, {"result": "ok"})


@pytest.mark.feature("REQ-10")
async def test_jivosite_twice_is_one_lead(hub: Hub) -> None:
    url = await hub.source("jivosite")
    for _ in range(2):
        status, told = await hub.post(url, json=payloads.jivosite())
        assert (status, orjson.loads(told)) == (200, {"result": "ok"})
    (found,) = await requests()
    assert (found["source"], found["state"]) == ("JivoSite", "new")
    assert orjson.loads(found["person"]) == {
        "name": "Олег Петров",
        "phone": "+79123456789",
        "email": "oleg@example.com",
    }
    assert found["text"] == "— Есть розы?\n✓ Есть"
    assert await db.fetchval("SELECT count(*) FROM raw_event") == 1
    changes = await db.fetchval("SELECT count(*) FROM event WHERE type LIKE 'Request%'")
    assert changes == 1, "a repetition is no news"


async def test_jivosite_all_events_of_a_chat_are_one_lead(hub: Hub) -> None:
    url = await hub.source("jivosite")
    first = payloads.jivosite("chat_accepted", visitor={"name": "Олег"}, chat_id="7507")
    for body in (first, payloads.jivosite("chat_updated"), payloads.jivosite()):
        await hub.post(url, json=body)
    (found,) = await requests()
    assert found["text"] == "— Есть розы?\n✓ Есть"
    assert orjson.loads(found["person"])["phone"] == "+79123456789"
    await hub.post(url, json=payloads.jivosite("offline_message", offline_message_id=3))
    assert len(await requests()) == 2


@pytest.mark.feature("REQ-11")
async def test_roistat_twice_is_one_lead(hub: Hub) -> None:
    url = await hub.source("roistat")
    for _ in range(2):
        async with hub.http.get(url, params=payloads.roistat()) as response:
            assert response.status == 200
    (found,) = await requests()
    assert (found["source"], found["visit"]) == ("Roistat", "100501")
    assert orjson.loads(found["campaign"])["marker"] == "direct7_search"
    assert orjson.loads(found["person"])["phone"] == "+79123456789"


@pytest.mark.feature("REQ-12")
async def test_comagic_call_and_application(hub: Hub) -> None:
    await _calls_and_applications(hub, "comagic", "CoMagic")


@pytest.mark.feature("REQ-13")
async def test_uis_call_and_application(hub: Hub) -> None:
    await _calls_and_applications(hub, "uis", "UIS")


async def _calls_and_applications(hub: Hub, service: str, title: str) -> None:
    """A call whose recording comes later, and an application: one request each."""
    url = await hub.source(service)
    await replayed(
        hub,
        url,
        payloads.call(notification_mnemonic="call_started", campaign_name=""),
        payloads.call(record_link="https://records.example/1.mp3"),
        payloads.call(
            communication_type="offline_message",
            communication_id="99813",
            message="Перезвоните",
        ),
    )
    rung, asked = await requests()
    assert rung["source"] == asked["source"] == title
    assert orjson.loads(rung["campaign"])["name"] == "Яндекс Директ"
    assert orjson.loads(rung["person"])["phone"] == "+79123456789"
    assert orjson.loads(rung["details"])["Number called"] == "74951234567"
    assert rung["recording"] == "https://records.example/1.mp3"
    assert asked["text"] == "Перезвоните"


async def test_what_is_no_lead_is_kept_as_failed(hub: Hub) -> None:
    url = await hub.source("uis")
    for body in (b"", b"[]", b'{"communication_id": null}'):
        assert (await hub.post(url, data=body, headers=JSON))[0] == 200
    rows = await db.fetch("SELECT state, error FROM raw_event ORDER BY id")
    assert [row["state"] for row in rows] == ["failed"] * 3
    assert "communication_id" in rows[2]["error"]
    assert await requests() == []


async def test_only_from_the_addresses_that_may(hub: Hub) -> None:
    url = await hub.source("jivosite", addresses=["203.0.113.0/24"])
    assert (await hub.post(url, json=payloads.jivosite()))[0] == 403
    assert (await hub.post(url[:-3] + "xyz", json=payloads.jivosite()))[0] == 403
    near = await hub.source("jivosite", "свои", addresses=["127.0.0.0/8"])
    assert (await hub.post(near, json=payloads.jivosite()))[0] == 200
    assert len(await requests()) == 1


async def test_too_large_and_other_methods(hub: Hub) -> None:
    url = await hub.source("roistat")
    assert (await hub.post(url, data=b"x" * 600_000))[0] == 413
    async with hub.http.delete(url) as response:
        assert response.status == 405

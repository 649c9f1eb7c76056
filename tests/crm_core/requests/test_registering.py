"""Registering: once per key, more news merges in, the client only when it is sure."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from crm_core.clients import commands as clients
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.requests import commands
from crm_core.requests.shapes import About, Item, Origin, Person, Track
from tests import factories, scene
from tests.factories_requests import row

pytestmark = pytest.mark.usefixtures("opened")


def origin(key: str | None = "k1", **rest: Any) -> Origin:
    return Origin(kind="lead", source="JivoSite", channel_id=7, key=key, **rest)


async def registered(person: Person, key: str | None = None) -> commands.Registered:
    return await commands.register(SYSTEM, origin=origin(key), person=person)


async def test_the_same_key_changes_what_was_registered() -> None:
    first = await commands.register(
        SYSTEM,
        origin=origin(track=Track(campaign={"utm_source": "ya"}, visit="v1")),
        person=Person(name="Олег"),
        about=About(subject="Чат", text="Здравствуйте", details={"Город": "Тверь"}),
    )
    again = await commands.register(
        SYSTEM,
        origin=origin(track=Track(campaign={"utm_term": "розы"})),
        person=Person(phone="8 912 345-67-89"),
        about=About(text="Здравствуйте. Есть розы?", items=(Item(title="Розы", quantity=3),)),
    )
    assert (first.created, again.created) == (True, False)
    assert again.request_id == first.request_id
    kept = await row(first.request_id)
    assert orjson.loads(kept["person"]) == {"name": "Олег", "phone": "+79123456789"}
    assert orjson.loads(kept["campaign"]) == {"utm_source": "ya", "utm_term": "розы"}
    assert (kept["subject"], kept["text"]) == ("Чат", "Здравствуйте. Есть розы?")
    assert orjson.loads(kept["details"]) == {"Город": "Тверь"}
    assert orjson.loads(kept["items"]) == [{"title": "Розы", "quantity": "3"}]
    assert (kept["visit"], kept["version"]) == ("v1", 2)
    assert await scene.events() == ["RequestRegistered", "RequestChanged"]


async def test_nothing_new_is_no_news() -> None:
    for _ in range(2):
        await commands.register(SYSTEM, origin=origin(), about=About(text="Есть розы?"))
    assert await scene.events() == ["RequestRegistered"]
    assert (await row(1))["version"] == 1


async def test_at_once_in_many_hands_it_is_one() -> None:
    found = await asyncio.gather(*(registered(Person(name="Олег"), "k1") for _ in range(8)))
    assert sum(one.created for one in found) == 1
    assert await db.fetchval("SELECT count(*) FROM request") == 1


async def test_without_a_key_every_request_is_its_own() -> None:
    for _ in range(2):
        assert (await registered(Person(name="Олег"))).created


@pytest.mark.parametrize(
    "person",
    [
        Person(phone="8 (912) 345-67-89"),
        Person(email=" Oleg@Example.com "),
        Person(phone="+79123456789", email="oleg@example.com"),
        Person(phone="номер прежний", email="oleg@example.com"),
    ],
)
async def test_one_card_with_the_contact_is_the_client(person: Person) -> None:
    made = await clients.create(SYSTEM, name="Олег", phone="+79123456789", email="oleg@example.com")
    found = await registered(person)
    assert (found.client_id, found.candidates) == (made.client_id, ())


async def test_several_cards_are_left_to_a_person() -> None:
    one = await clients.create(SYSTEM, name="Олег", phone="+79123456789")
    other = await clients.create(SYSTEM, name="Ольга", email="olga@example.com")
    found = await registered(Person(phone="+79123456789", email="olga@example.com"))
    assert found.client_id is None
    assert found.candidates == (one.client_id, other.client_id)
    assert await db.fetchval("SELECT count(*) FROM client") == 2, "no card is made or merged"


async def test_a_phone_told_later_finds_the_client() -> None:
    made = await clients.create(SYSTEM, name="Олег", phone="+79123456789")
    await registered(Person(name="Олег"), "k1")
    found = await registered(Person(phone="89123456789"), "k1")
    assert found.client_id == made.client_id
    assert (await row(1))["client_id"] == made.client_id


async def test_a_merged_card_leads_to_the_kept_one() -> None:
    from crm_core.clients import merging

    kept = await clients.create(SYSTEM, name="Олег")
    gone = await clients.create(SYSTEM, name="Олег П.", phone="+79123456789")
    before = await registered(Person(phone="+79123456789"))
    merge = await merging.merge(SYSTEM, kept_id=kept.client_id, gone_id=gone.client_id)
    assert (await row(before.request_id))["client_id"] == kept.client_id
    after = await registered(Person(phone="+79123456789"))
    assert after.client_id == kept.client_id
    await merging.unmerge(SYSTEM, merge_id=merge.merge_id)
    assert (await row(before.request_id))["client_id"] == gone.client_id


async def test_it_goes_to_the_queue_of_its_channel() -> None:
    await factories.queue("Продажи")
    other = await factories.queue("Опт")
    channel = await factories.channel()
    await db.execute("UPDATE channel SET queue_id = $1", other)
    for key, channel_id, queue_id, wanted in (
        ("a", channel, None, other),
        ("b", 0, None, 1),
        ("c", channel, 1, 1),
    ):
        found = await commands.register(
            SYSTEM,
            origin=Origin(source="Сайт", channel_id=channel_id, key=key, queue_id=queue_id),
        )
        assert (await row(found.request_id))["queue_id"] == wanted


async def test_nul_characters_do_no_harm() -> None:
    await commands.register(
        SYSTEM,
        origin=Origin(source="Са\0йт", key="k\0", track=Track(page="/\0")),
        person=Person(name="О\0лег"),
        about=About(subject="\0Розы", details={"Го\0род": "Тв\0ерь"}),
    )
    kept = await row(1)
    assert (kept["source"], kept["subject"], kept["external_key"]) == ("Сайт", "Розы", "k")

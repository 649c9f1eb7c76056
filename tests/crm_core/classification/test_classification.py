"""What clients are: groups with subgroups, tables of two catalogues, first interests."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.catalogues import items
from crm_core.catalogues.known import ADVERTISING, CLIENT_GROUP, known
from crm_core.catalogues.shapes import Impact, Item, ItemChanges, Kind
from crm_core.catalogues.tree import Tree
from crm_core.classification import arriving, commands, interests, queries
from crm_core.classification.crosstabs import crosstab
from crm_core.classification.guessing import channel, guess
from crm_core.clients import commands as clients
from crm_core.clients import merging
from crm_core.kernel import clock, db
from crm_core.kernel import commands as registry
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.kernel.errors import Conflict, Forbidden, Invalid
from crm_core.kernel.pump import Pump
from crm_core.kernel.wake import Wakeups
from crm_core.requests import outcomes
from crm_core.requests.shapes import Track
from tests import factories, scene
from tests.factories_catalogues import catalogue, grown, item
from tests.factories_requests import request

pytestmark = pytest.mark.usefixtures("opened")


async def client(name: str, *item_ids: int, actor: Actor = SYSTEM) -> int:
    made = await clients.create(actor, name=name)
    for item_id in item_ids:
        await commands.classify(actor, client_id=made.client_id, item_id=item_id)
    return made.client_id


async def under(item_id: int) -> set[str]:
    found, total = await queries.clients_under(SYSTEM, item_id, limit=50)
    assert total == len(found)
    return {one.name for one in found}


async def test_clients_of_a_group_are_those_of_its_subgroups_too() -> None:
    groups = await grown(
        await known(CLIENT_GROUP), {"Опт": {"Сети": {"Федеральные": {}}}, "Розница": {}}
    )
    await client("Лента", groups["Федеральные"], groups["Розница"])
    await client("Сад", groups["Опт"], groups["Сети"])
    await client("Анна", groups["Розница"])
    assert await under(groups["Опт"]) == {"Лента", "Сад"}
    assert await under(groups["Федеральные"]) == {"Лента"}
    assert await under(groups["Розница"]) == {"Лента", "Анна"}
    found, total = await queries.clients_under(SYSTEM, groups["Опт"], limit=1, offset=1)
    assert (len(found), total) == (1, 2)


async def test_a_card_is_put_into_a_group_once_and_taken_out() -> None:
    groups = await grown(await known(CLIENT_GROUP), {"Опт": {}})
    anna = await client("Анна")
    await asyncio.gather(
        *(commands.classify(SYSTEM, client_id=anna, item_id=groups["Опт"]) for _ in range(5))
    )
    assert await scene.events("ClientClassified") == ["ClientClassified"]
    for _ in range(2):
        await commands.declassify(SYSTEM, client_id=anna, item_id=groups["Опт"])
    assert await scene.events("ClientDeclassified") == ["ClientDeclassified"]
    assert (await queries.classified(SYSTEM, anna)).items == ()
    colours = await catalogue("Цвета", Kind.GROUPS, classifies=False)
    red = await item(colours, "Красный")
    with pytest.raises(Invalid, match="not classified by Цвета"):
        await commands.classify(SYSTEM, client_id=anna, item_id=red)
    with pytest.raises(Invalid, match="is a group"):
        warm = await item(colours, "Тёплые", group=True)
        await commands.classify(SYSTEM, client_id=anna, item_id=warm)


@pytest.mark.feature("CLI-21")
async def test_two_catalogues_make_a_table_of_clients() -> None:
    head = await factories.employee("Глеб", role=Role.HEAD)
    vera = await factories.employee("Вера")
    regions = await catalogue("Регионы")
    sizes = await catalogue("Размер", Kind.FLAT)
    r = await grown(regions, {"Сибирь": {"Омск": {}, "Томск": {}}, "Урал": {}, "Крым": {}})
    s = await grown(sizes, {"Крупный": {}, "Мелкий": {}})
    await client("а", r["Омск"], s["Крупный"], actor=vera)
    await client("б", r["Омск"], r["Томск"], s["Мелкий"], actor=vera)
    await client("в", r["Урал"], actor=head)
    await client("г", s["Крупный"])
    table = await crosstab(head, regions, sizes)
    assert [title for _id, title in table.rows] == ["Сибирь", "Урал"]
    assert [title for _id, title in table.columns] == ["Крупный", "Мелкий", "—"]
    assert table.cells == ((1, 1, 0), (0, 0, 1))
    assert (table.row_totals, table.column_totals, table.total) == ((2, 1), (1, 1, 1), 3)
    exact = await crosstab(head, regions, sizes, top=False)
    assert [title for _id, title in exact.rows] == ["Омск", "Томск", "Урал"]
    assert exact.cells == ((1, 1, 0), (0, 1, 0), (0, 0, 1))
    assert (exact.row_totals, exact.total) == ((2, 1, 1), 3), "one client in two cities is one"
    people = await crosstab(head, regions)
    assert [title for _id, title in people.columns] == ["Вера", "Глеб"]
    assert people.cells == ((2, 0), (0, 1))
    own = await registry.run(vera, "client.crosstab", {"rows_id": regions, "columns_id": sizes})
    assert (own["cells"], own["total"]) == ([[1, 1]], 2), "a manager counts their own clients"
    empty = await crosstab(head, sizes, await known(CLIENT_GROUP))
    assert (empty.cells, empty.total) == (((2,), (1,)), 3)


async def test_reading_and_writing_ask_for_rights() -> None:
    stranger = Actor(kind="client")
    groups = await grown(await known(CLIENT_GROUP), {"Опт": {}})
    anna = await client("Анна")
    given: dict[str, dict[str, Any]] = {
        "client.classify": {"client_id": anna, "item_id": groups["Опт"]},
        "client.declassify": {"client_id": anna, "item_id": groups["Опт"]},
        "client.set_interest": {"client_id": anna, "item_id": 1},
        "client.classification": {"client_id": anna},
        "client.of_group": {"item_id": groups["Опт"]},
        "client.crosstab": {"rows_id": await known(CLIENT_GROUP)},
    }
    for name, arguments in given.items():
        with pytest.raises(Forbidden):
            await registry.run(stranger, name, arguments)
    for read in (
        queries.classified(stranger, anna),
        queries.clients_under(stranger, groups["Опт"]),
        crosstab(stranger, 1),
    ):
        with pytest.raises(Forbidden):
            await read


# --- primary interest ---------------------------------------------------------------------------


async def channels() -> dict[str, int]:
    rows = await db.fetch(
        "SELECT id, impact FROM catalogue_item WHERE catalogue_id = $1", await known(ADVERTISING)
    )
    return {row["impact"]: row["id"] for row in rows}


async def interest(client_id: int) -> queries.InterestView | None:
    return (await queries.classified(SYSTEM, client_id)).interest


async def pump() -> None:
    await Pump(arriving.HANDLERS, Wakeups()).drain()


async def comes(phone: str, **campaign: str) -> int:
    return await request(phone, track=Track(campaign=campaign))


async def test_an_interest_is_corrected_with_what_stood_before() -> None:
    vera = await factories.employee("Вера")
    by, anna, boris = await channels(), await client("Анна"), await client("Борис")
    await interests.set_interest(
        vera, client_id=anna, item_id=by["exhibition"], source="Цветы-2026"
    )
    first = await interest(anna)
    assert first is not None
    assert (first.channel, first.source, first.author_name) == ("Exhibitions", "Цветы-2026", "Вера")
    clock.advance(timedelta(days=1))
    try:
        await interests.set_interest(
            SYSTEM, client_id=anna, item_id=by["recommendation"], source_client_id=boris
        )
    finally:
        clock.advance(-timedelta(days=1))
    second = await interest(anna)
    assert second is not None
    assert (second.who, second.source, second.at) == ("Борис", "", first.at)
    facts = await db.fetch("SELECT data FROM event WHERE type = 'PrimaryInterestSet' ORDER BY id")
    said = [orjson.loads(row["data"]) for row in facts]
    assert said[0]["before"] == {}
    assert said[1]["before"] == said[0]["after"]
    wrongs: tuple[dict[str, Any], ...] = (
        {"item_id": by["online"], "source_client_id": boris},
        {"item_id": by["recommendation"], "source_client_id": anna},
        {"item_id": await item(await catalogue("Цвета"), "Красный")},
    )
    for wrong in wrongs:
        with pytest.raises(Invalid):
            await interests.set_interest(SYSTEM, client_id=anna, **wrong)
    await items.archive(SYSTEM, item_id=by["recommendation"])
    await interests.set_interest(
        SYSTEM, client_id=anna, item_id=by["recommendation"], source="сосед"
    )
    with pytest.raises(Conflict, match="archive"):
        await interests.set_interest(SYSTEM, client_id=boris, item_id=by["recommendation"])


async def test_the_first_request_tells_it_by_itself_and_overwrites_nothing() -> None:
    anna = (await clients.create(SYSTEM, name="Анна", phone="+79120000001")).client_id
    await comes("+79120000001", utm_source="yandex", utm_medium="cpc", utm_campaign="весна")
    await pump()
    found = await interest(anna)
    assert found is not None
    assert (found.impact, found.source, found.author_name) == ("online", "yandex / весна", None)
    await comes("+79120000001", utm_source="mailer", utm_medium="email", utm_campaign="осень")
    await pump()
    assert await interest(anna) == found


async def test_a_request_that_becomes_a_client_tells_it_then() -> None:
    by = await channels()
    await items.change(SYSTEM, item_id=by["outdoor"], changes=ItemChanges(code="Bridge"))
    vera = await factories.employee("Вера", role=Role.HEAD)
    number = await comes("+79120000002", utm_source="bridge", utm_campaign="щит 4")
    await pump()
    assert await db.fetchval("SELECT count(*) FROM primary_interest") == 0
    done = await outcomes.to_client(vera, request_id=number)
    await pump()
    found = await interest(done.client_id or 0)
    assert found is not None
    assert (found.impact, found.source) == ("outdoor", "bridge / щит 4"), "by the item's code"


async def test_who_has_come_before_came_otherwise() -> None:
    anna = (await clients.create(SYSTEM, name="Анна", phone="+79120000001")).client_id
    old = await request("+79120000001", at=clock.now() - timedelta(days=30))
    await comes("+79120000001", utm_source="yandex")
    await comes("+79120000001")
    await pump()
    assert await interest(anna) is None
    await db.execute("UPDATE request SET at = now() - interval '1 hour' WHERE id = $1", old)
    await comes("+79120000001", utm_source="yandex")
    await pump()
    assert await interest(anna) is not None


@pytest.mark.parametrize(
    ("campaign", "impact", "source"),
    [
        ({"utm_source": "yandex", "utm_medium": "CPC"}, Impact.ONLINE, "yandex"),
        ({"utm_medium": "email", "utm_campaign": "Май"}, Impact.MAILING, "email / Май"),
        ({"utm_source": "google", "utm_medium": "organic"}, Impact.SEARCH, "google"),
        ({"utm_medium": "qr", "marker": "щит"}, Impact.OUTDOOR, "qr / щит"),
        ({"name": "Весна"}, Impact.ONLINE, "Весна"),
        ({"yclid": "123"}, Impact.ONLINE, ""),
    ],
)
def test_marks_tell_the_impact(campaign: dict[str, str], impact: Impact, source: str) -> None:
    found = guess(campaign)
    assert found is not None
    assert (found.impact, found.source) == (impact, source)


def test_marks_of_counters_tell_nothing() -> None:
    assert guess({"_ym_uid": "1", "_ga": "2"}) is None
    assert guess({"utm_source": "  "}) is None
    assert guess({}) is None


@given(st.dictionaries(st.sampled_from(["utm_source", "utm_medium", "name", "x"]), st.text()))
def test_any_marks_are_taken(campaign: dict[str, str]) -> None:
    found = guess(campaign)
    if found is not None:
        assert len(found.source) <= 200
        assert (
            channel(Tree([Item(id=1, title="g", group=True, impact=found.impact)]), found) is None
        )


# --- merges -------------------------------------------------------------------------------------


async def picture() -> list[tuple[Any, ...]]:
    rows = [
        *await db.fetch("SELECT 'i' AS t, id, client_id FROM client_item ORDER BY id"),
        *await db.fetch("SELECT 'p' AS t, id, client_id FROM primary_interest ORDER BY id"),
    ]
    return [tuple(row.values()) for row in rows]


async def test_a_merge_carries_it_along_and_its_undo_gives_it_back() -> None:
    by = await channels()
    groups = await grown(await known(CLIENT_GROUP), {"Опт": {}, "Розница": {}, "Сети": {}})
    kept = await client("Анна", groups["Опт"])
    first = await client("Аня", groups["Опт"], groups["Розница"])
    second = await client("Нюра", groups["Розница"], groups["Сети"])
    for gone, source in ((first, "yandex"), (second, "google")):
        await interests.set_interest(SYSTEM, client_id=gone, item_id=by["online"], source=source)
    before = await picture()
    one = await merging.merge(SYSTEM, kept_id=kept, gone_id=first)
    other = await merging.merge(SYSTEM, kept_id=kept, gone_id=second)
    card = await queries.classified(SYSTEM, second)
    assert [view.path[0] for view in card.items] == ["Опт", "Розница", "Сети"]
    assert card.interest is not None
    assert card.interest.source == "yandex"
    assert await under(groups["Розница"]) == {"Анна"}
    await merging.unmerge(SYSTEM, merge_id=one.merge_id)
    card = await queries.classified(SYSTEM, kept)
    assert [view.path[0] for view in card.items] == ["Опт", "Розница", "Сети"], "Нюра's own now"
    assert card.interest is not None
    assert card.interest.source == "google"
    await merging.unmerge(SYSTEM, merge_id=other.merge_id)
    assert await picture() == before

"""Catalogues of three kinds: made, grown, moved, put away; nothing that refers is ever lost."""

from __future__ import annotations

import asyncio

import pytest

from crm_core.catalogues import access, commands, items, moving, queries
from crm_core.catalogues.known import ADVERTISING, CLIENT_GROUP, KNOWN, REJECT_REASON, known
from crm_core.catalogues.shapes import Impact, ItemChanges, Kind, NewItem
from crm_core.classification import commands as classifying
from crm_core.classification.crosstabs import crosstab
from crm_core.classification.queries import classified
from crm_core.clients import commands as clients
from crm_core.kernel import commands as registry
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.kernel.errors import Conflict, CrmError, Forbidden, Invalid, NotFound
from tests import factories, scene
from tests.factories_catalogues import catalogue, grown, item

pytestmark = pytest.mark.usefixtures("opened")


async def outline(catalogue_id: int) -> list[str]:
    """Titles in the tree's order, deeper ones indented."""
    tree = (await access.read(catalogue_id)).tree
    return [f"{'.' * (len(tree.path(one.id)) - 1)}{one.title}" for one in tree.walk()]


@pytest.mark.feature("CAT-01")
async def test_three_kinds_and_no_circle() -> None:
    flat = await catalogue("Цвета", Kind.FLAT)
    trees = await catalogue("Регионы", Kind.ITEMS)
    groups = await catalogue("Отрасли", Kind.GROUPS)
    red = await item(flat, "Красный")
    with pytest.raises(Invalid, match="plain list"):
        await item(flat, "Алый", red)
    with pytest.raises(Invalid, match="plain list"):
        await item(flat, "Тёплые", group=True)

    found = await grown(trees, {"Россия": {"Сибирь": {"Омск": {}}, "Урал": {}}, "Казахстан": {}})
    assert await outline(trees) == ["Россия", ".Сибирь", "..Омск", ".Урал", "Казахстан"]
    with pytest.raises(Invalid, match="no groups"):
        await item(trees, "Группа", group=True)
    for under in ("Россия", "Сибирь", "Омск"):
        with pytest.raises(Invalid, match="into itself"):
            await moving.move(SYSTEM, item_id=found["Россия"], parent_id=found[under])
    assert await outline(trees) == ["Россия", ".Сибирь", "..Омск", ".Урал", "Казахстан"]

    trade = await item(groups, "Торговля", group=True)
    retail = await item(groups, "Розница", trade, group=True)
    flowers = await item(groups, "Цветы", retail)
    with pytest.raises(Invalid, match="is no group"):
        await item(groups, "Розы", flowers)
    with pytest.raises(Invalid, match="into itself"):
        await moving.move(SYSTEM, item_id=trade, parent_id=retail)
    with pytest.raises(NotFound):
        await moving.move(SYSTEM, item_id=flowers, parent_id=found["Россия"])
    assert await outline(groups) == ["Торговля", ".Розница", "..Цветы"]


async def test_two_moves_that_would_make_a_circle_together() -> None:
    trees = await catalogue("Регионы")
    for turn in range(10):
        one, other = await item(trees, f"А{turn}"), await item(trees, f"Б{turn}")
        done = await asyncio.gather(
            moving.move(SYSTEM, item_id=one, parent_id=other),
            moving.move(SYSTEM, item_id=other, parent_id=one),
            return_exceptions=True,
        )
        assert sum(isinstance(result, Invalid) for result in done) == 1
        assert done.count(None) == 1
    assert len(await outline(trees)) == 20, "every item can be reached from the top"


async def test_one_title_at_one_place_even_at_once() -> None:
    trees = await catalogue("Регионы")
    done = await asyncio.gather(*(item(trees, "Россия") for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(result, Conflict) for result in done) == 4
    assert await outline(trees) == ["Россия"]
    made = await asyncio.gather(*(catalogue("Цвета") for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(result, Conflict) for result in made) == 2


@pytest.mark.feature("CAT-03")
async def test_a_moved_item_keeps_all_that_refers_to_it() -> None:
    trees = await catalogue("Регионы")
    other = await catalogue("Размер", Kind.FLAT)
    found = await grown(trees, {"Россия": {"Омск": {}}, "Сибирь": {}})
    big = await item(other, "Крупный")
    made = await clients.create(SYSTEM, name="Ромашка")
    for one in (found["Омск"], big):
        await classifying.classify(SYSTEM, client_id=made.client_id, item_id=one)
    await moving.move(SYSTEM, item_id=found["Омск"], parent_id=found["Сибирь"])
    change = ItemChanges(title="Омская область")
    await items.change(SYSTEM, item_id=found["Омск"], changes=change)
    assert await outline(trees) == ["Россия", "Сибирь", ".Омская область"]
    kept = await classified(SYSTEM, made.client_id)
    assert [one.path for one in kept.items] == [("Крупный",), ("Сибирь", "Омская область")]
    exact = await crosstab(SYSTEM, trees, other, top=False)
    assert (exact.rows, exact.cells) == (((found["Омск"], "Омская область"),), ((1,),))
    assert (await crosstab(SYSTEM, trees, other)).rows == ((found["Сибирь"], "Сибирь"),)
    assert await scene.events("CatalogueItemMoved") == ["CatalogueItemMoved"]


async def test_what_is_referred_to_is_archived_and_the_rest_deleted() -> None:
    trees = await catalogue("Регионы")
    found = await grown(trees, {"Россия": {"Омск": {}}, "Урал": {}})
    made = await clients.create(SYSTEM, name="Ромашка")
    await classifying.classify(SYSTEM, client_id=made.client_id, item_id=found["Омск"])
    assert await items.remove(SYSTEM, item_id=found["Урал"]) == "removed"
    assert await items.remove(SYSTEM, item_id=found["Россия"]) == "archived", "Омск stands there"
    assert await items.remove(SYSTEM, item_id=found["Омск"]) == "archived"
    tree = (await access.read(trees)).tree
    assert [one.archived for one in tree.walk()] == [True, True]
    assert (await classified(SYSTEM, made.client_id)).items[0].path == ("Россия", "Омск")
    with pytest.raises(Conflict, match="in the archive"):
        await classifying.classify(SYSTEM, client_id=made.client_id, item_id=found["Омск"])
    await items.archive(SYSTEM, item_id=found["Омск"], archived=False)
    with pytest.raises(Conflict, match="in the archive"):
        await classifying.classify(SYSTEM, client_id=made.client_id, item_id=found["Омск"])
    await items.archive(SYSTEM, item_id=found["Россия"], archived=False)
    await classifying.classify(SYSTEM, client_id=made.client_id, item_id=found["Омск"])


async def test_order_among_ones_own() -> None:
    flat = await catalogue("Цвета", Kind.FLAT)
    ids = [await item(flat, title) for title in ("А", "Б", "В", "Г")]
    await moving.move(SYSTEM, item_id=ids[3], place=0)
    await moving.move(SYSTEM, item_id=ids[0], place=99)
    assert await outline(flat) == ["Г", "Б", "В", "А"]
    await moving.move(SYSTEM, item_id=ids[0])
    assert len(await scene.events("CatalogueItemMoved")) == 2, "it stood there already"


async def test_codes_belong_to_one_item() -> None:
    flat = await catalogue("Цвета", Kind.FLAT)
    red = await item(flat, "Красный", code="R")
    with pytest.raises(Conflict, match="belongs to Красный"):
        await item(flat, "Розовый", code="R")
    pink = await item(flat, "Розовый", code="P")
    with pytest.raises(Conflict):
        await items.change(SYSTEM, item_id=pink, changes=ItemChanges(code="R"))
    await items.change(SYSTEM, item_id=red, changes=ItemChanges(code=""))
    await items.change(SYSTEM, item_id=pink, changes=ItemChanges(code="R"))
    facts = await db.fetch("SELECT data FROM event WHERE type = 'CatalogueItemChanged' ORDER BY id")
    assert '"before": {"code": "P"}' in facts[-1]["data"]


async def test_limits_have_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_core.catalogues.rules.MOST_ITEMS", 2)
    monkeypatch.setattr("crm_core.catalogues.rules.MOST_CATALOGUES", 4)
    flat = await catalogue("Цвета", Kind.FLAT)
    await item(flat, "А")
    await item(flat, "Б")
    with pytest.raises(Invalid, match="at most 2 items"):
        await item(flat, "В")
    with pytest.raises(Invalid, match="that is the most"):
        await catalogue("Ещё")


async def test_those_the_code_knows_are_there_once_and_stay() -> None:
    ids = await asyncio.gather(*(known(key) for key in KNOWN for _ in range(4)))
    assert len(set(ids)) == len(KNOWN)
    listed = await queries.catalogues(SYSTEM)
    assert {one.key for one in listed} == {CLIENT_GROUP, ADVERTISING, REJECT_REASON}
    impacts = [one.impact for one in (await queries.by_key(ADVERTISING)).tree.walk()]
    assert {Impact(one) for one in impacts if one} == set(Impact)
    for one in listed:
        with pytest.raises(Conflict):
            await commands.archive(SYSTEM, catalogue_id=one.id)
    reasons = (await queries.by_key(REJECT_REASON)).tree.standing()
    for reason in reasons[:-1]:
        assert await items.remove(SYSTEM, item_id=reason.id) == "archived", (
            "requests keep its title"
        )
    for act in (items.remove, items.archive):
        with pytest.raises(Conflict, match="At least one"):
            await act(SYSTEM, item_id=reasons[-1].id)


async def test_everybody_reads_and_only_the_right_writes() -> None:
    flat = await catalogue("Цвета", Kind.FLAT)
    red = await item(flat, "Красный")
    away = await catalogue("Старое")
    await commands.archive(SYSTEM, catalogue_id=away)
    acts: dict[str, dict[str, object]] = {
        "catalogue.create": {"title": "Новый", "kind": "flat"},
        "catalogue.rename": {"catalogue_id": flat, "title": "Краски"},
        "catalogue.use": {"catalogue_id": flat, "classifies": False},
        "catalogue.archive": {"catalogue_id": flat},
        "catalogue.add_item": {"catalogue_id": flat, "item": {"title": "Синий"}},
        "catalogue.change_item": {"item_id": red, "changes": {"title": "Алый"}},
        "catalogue.move_item": {"item_id": red, "place": 0},
        "catalogue.archive_item": {"item_id": red},
        "catalogue.remove_item": {"item_id": red},
        "request.set_reasons": {"reasons": ["Дорого"]},
    }
    assert {one for one in registry.all_commands() if one.startswith("catalogue.")} == {
        *(one for one in acts if one.startswith("catalogue.")),
        *("catalogue.list", "catalogue.show"),
    }
    for role in (Role.OPERATOR, Role.MANAGER):
        actor = await factories.employee(role.value, role=role)
        for name, arguments in acts.items():
            with pytest.raises(Forbidden):
                await registry.run(actor, name, arguments)
        titles = [one["title"] for one in await registry.run(actor, "catalogue.list", {})]
        assert "Цвета" in titles
        assert "Старое" not in titles
        shown = await registry.run(actor, "catalogue.show", {"catalogue_id": flat})
        assert [one["title"] for one in shown["items"]] == ["Красный"]
    for role in (Role.HEAD, Role.ADMIN):
        actor = await factories.employee(role.value, role=role)
        made = await registry.run(
            actor, "catalogue.add_item", {"catalogue_id": flat, "item": {"title": role.value}}
        )
        await registry.run(actor, "catalogue.remove_item", {"item_id": made})
    stranger = Actor(kind="client")
    for read in (queries.catalogues(stranger), queries.catalogue(stranger, flat)):
        with pytest.raises(CrmError):
            await read


async def test_a_group_out_of_hand_is_no_item_of_this_catalogue() -> None:
    flat = await catalogue("Цвета", Kind.FLAT)
    with pytest.raises(NotFound):
        await items.add(SYSTEM, catalogue_id=flat + 1, item=NewItem(title="А"))
    with pytest.raises(NotFound):
        await items.archive(SYSTEM, item_id=77)
    for name, given in (("title", "  "), ("title", "x" * 121), ("impact", "magic")):
        with pytest.raises(Invalid):
            await registry.run(
                SYSTEM, "catalogue.add_item", {"catalogue_id": flat, "item": {name: given}}
            )

"""Contact persons: many to many, one main contact, races, refusals, merges and their undo."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest

from crm_core.clients import commands as clients
from crm_core.clients import contactchanges, linking, links, merging, queries
from crm_core.clients.contactkinds import ContactKind, Label
from crm_core.kernel import commands, db
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.crm_core.clients import people

LINDEN, MAPLE = "ООО Липа", "ООО Клён"


async def company(name: str = LINDEN) -> int:
    return (await clients.create(SYSTEM, name=name, kind="company")).client_id


async def link(company_id: int, person_id: int, position: str = "") -> int:
    done = await linking.link(SYSTEM, company_id=company_id, person_id=person_id, position=position)
    return done.link_id


async def shown(company_id: int) -> list[tuple[str, str, bool]]:
    return [
        (one.name, one.position, one.is_main) for one in await links.people_of(SYSTEM, company_id)
    ]


async def facts(client_id: int) -> list[str]:
    rows = await db.fetch("SELECT type FROM event WHERE client_id = $1 ORDER BY id", client_id)
    return [row["type"] for row in rows if row["type"] != "ClientCreated"]


async def test_a_person_belongs_to_several_companies_with_roles(opened: str) -> None:
    """Many to many, a role in each, one main contact, many phones, mails and messenger names."""
    linden, maple = await company(), await company(MAPLE)
    olga, ivan = await people.client("Ольга Ким"), await people.client("Иван Бук")
    await link(linden, olga, "Закупщик")
    await link(maple, olga, "Директор")
    await link(linden, ivan, "Бухгалтер")
    await linking.set_main(SYSTEM, company_id=linden, person_id=ivan)
    assert await shown(linden) == [
        *(("Иван Бук", "Бухгалтер", True), ("Ольга Ким", "Закупщик", False)),
    ]
    card = await queries.card(SYSTEM, olga)
    assert [(one.name, one.position) for one in card.companies] == [
        *((LINDEN, "Закупщик"), (MAPLE, "Директор")),
    ]
    given = [
        (ContactKind.PHONE, "8 912 000-00-01", Label.WORK),
        (ContactKind.PHONE, "8 912 000-00-02", Label.MOBILE),
        (ContactKind.EMAIL, "olga@linden.example", Label.WORK),
        (ContactKind.EMAIL, "olga@home.example", Label.HOME),
        (ContactKind.TELEGRAM, "https://t.me/Olga_Kim", Label.NONE),
        (ContactKind.VK, "vk.com/olgakim", Label.NONE),
        (ContactKind.VIBER, "8 912 000-00-02", Label.NONE),
    ]
    for kind, value, label in given:
        await clients.add_contact(SYSTEM, client_id=olga, kind=kind, value=value, label=label)
    for text in ("9120000001", "olga@linden", "@olga_kim", "t.me/olga_kim", "vk.com/olgakim"):
        [found] = await queries.search(SYSTEM, text)
        assert (found.id, found.company) == (olga, LINDEN), text
    assert len((await queries.card(SYSTEM, olga)).contacts) == len(given)
    mains = [await queries.card(SYSTEM, one) for one in (linden, maple)]
    assert [(one.people, one.main_person) for one in mains] == [(2, "Иван Бук"), (1, None)]


async def test_facts_stand_with_both_and_nothing_happens_twice(opened: str) -> None:
    linden, olga = await company(), await people.client("Ольга Ким")
    anna = await people.employee()
    asked = {"company_id": linden, "person_id": olga, "position": "Закупщик"}
    first = await commands.run(anna, "client.link", asked)
    again = await commands.run(anna, "client.link", asked)
    assert (first["created"], again) == (True, {"link_id": first["link_id"], "created": False})
    for _ in range(2):
        await linking.set_main(anna, company_id=linden, person_id=olga)
        await linking.set_position(
            anna, company_id=linden, person_id=olga, position="Главный закупщик"
        )
    await linking.unlink(anna, company_id=linden, person_id=olga)
    with pytest.raises(NotFound, match=f"Ольга Ким is no contact person of {LINDEN}"):
        await linking.unlink(anna, company_id=linden, person_id=olga)
    assert await facts(linden) == [
        *("PersonLinked", "MainPersonSet", "PositionChanged", "PersonUnlinked"),
    ]
    assert await facts(olga) == ["CompanyLinked", "CompanyUnlinked"]
    before = await db.fetchval("SELECT data->>'before' FROM event WHERE type = 'PositionChanged'")
    assert before == "Закупщик"
    assert [one.name for one in await links.former_people_of(anna, linden)] == ["Ольга Ким"]
    assert not await shown(linden)


async def test_taken_off_and_put_back_the_same_day_is_one_link(opened: str) -> None:
    linden, olga = await company(), await people.client("Ольга Ким")
    first = await link(linden, olga, "Закупщик")
    await linking.unlink(SYSTEM, company_id=linden, person_id=olga)
    assert await link(linden, olga) == first
    assert await shown(linden) == [("Ольга Ким", "Закупщик", False)]


async def test_one_main_contact_whoever_asks_at_once(opened: str) -> None:
    linden = await company()
    many = [await people.client(f"Человек {number}") for number in range(6)]
    await asyncio.gather(*(link(linden, one) for one in many for _ in range(2)))
    assert await db.fetchval("SELECT count(*) FROM client_link") == len(many)
    await asyncio.gather(
        *(linking.set_main(SYSTEM, company_id=linden, person_id=one) for one in many * 3)
    )
    assert await db.fetchval("SELECT count(*) FROM client_link WHERE is_main") == 1
    sets = await db.fetch("SELECT data FROM event WHERE type = 'MainPersonSet' ORDER BY id")
    assert len(sets) >= 1
    await linking.set_main(SYSTEM, company_id=linden)
    assert not any(main for _, _, main in await shown(linden))


async def test_crossing_pairs_do_not_lock_each_other(opened: str) -> None:
    """Companies with the lower and with the higher number than their people."""
    low, high = await people.client("Ольга"), await company()
    other, person = await company(MAPLE), await people.client("Иван")
    pairs = [(high, low), (other, person), (other, low), (high, person)]
    await asyncio.gather(*(link(*pair) for pair in pairs * 5))
    assert await db.fetchval("SELECT count(*) FROM client_link") == len(pairs)


async def test_what_is_refused(opened: str) -> None:
    linden, olga = await company(), await people.client("Ольга Ким")
    with pytest.raises(Invalid, match="only companies have contact persons"):
        await link(olga, linden)
    with pytest.raises(Invalid, match="only people can be"):
        await link(linden, await company(MAPLE))
    with pytest.raises(NotFound):
        await link(linden, 999)
    nobody = Actor(kind="client")
    with pytest.raises(Forbidden):
        await linking.link(nobody, company_id=linden, person_id=olga)
    with pytest.raises(Forbidden):
        await links.people_of(nobody, linden)
    await link(linden, olga)
    later = linking.today(SYSTEM) + timedelta(days=1)
    with pytest.raises(Invalid, match="in the future"):
        await linking.unlink(SYSTEM, company_id=linden, person_id=olga, until=later)
    with pytest.raises(Conflict, match="off this card first"):
        await contactchanges.set_kind(SYSTEM, client_id=olga, kind="company")
    with pytest.raises(Conflict, match="can't become one card"):
        await merging.merge(SYSTEM, kept_id=linden, gone_id=olga)
    lone = await people.client("Клён")
    await contactchanges.set_kind(SYSTEM, client_id=lone, kind="company")
    assert (await queries.card(SYSTEM, lone)).kind == "company"


async def test_positions_suggest_what_is_used_first(opened: str) -> None:
    linden = await company()
    for number in range(3):
        await link(linden, await people.client(f"Человек {number}"), "Флорист")
    found = await links.positions(SYSTEM)
    assert (found[0], len(found)) == ("Флорист", 6)


async def test_one_preferred_of_a_kind_and_labels(opened: str) -> None:
    one = await people.client("Ольга", phone="+79120000001", email="o@example.com")
    await people.contact(one, "phone", "+79120000002")
    ids = [row["id"] for row in await db.fetch("SELECT id FROM contact_point ORDER BY id")]
    await asyncio.gather(
        *(
            contactchanges.change_contact(SYSTEM, client_id=one, contact_id=id_, preferred=True)
            for id_ in ids * 3
        )
    )
    rows = await db.fetch("SELECT kind FROM contact_point WHERE preferred ORDER BY kind")
    assert [row["kind"] for row in rows] == ["email", "phone"]
    await contactchanges.change_contact(
        SYSTEM, client_id=one, contact_id=ids[2], label=Label.HOME, preferred=True
    )
    first = (await queries.card(SYSTEM, one)).contacts[0]
    assert (first.value, first.label, first.preferred) == ("+79120000002", "home", True)
    assert [found.contact for found in await queries.found([one])] == ["+79120000002"]


LINKS = "SELECT id, company_id, person_id, position, is_main, until FROM client_link ORDER BY id"
CONTACTS = "SELECT id, client_id, preferred FROM contact_point ORDER BY id"
REQUISITES = "SELECT * FROM client_requisites ORDER BY id"


async def picture() -> list[list[tuple[object, ...]]]:
    return [
        [tuple(row.values()) for row in await db.fetch(sql)]
        for sql in (LINKS, CONTACTS, REQUISITES)
    ]


async def test_doubles_collapse_and_come_back(opened: str) -> None:
    """Two cards of one person in one company: one link, main as before; the undo has both."""
    linden, maple = await company(), await company(MAPLE)
    olga, olya = await people.client("Ольга Ким"), await people.client("Оля Ким")
    await link(linden, olga, "Закупщик")
    await link(linden, olya, "Покупает")
    await link(maple, olya, "Директор")
    await linking.set_main(SYSTEM, company_id=linden, person_id=olya)
    before = await picture()
    done = await merging.merge(SYSTEM, kept_id=olga, gone_id=olya)
    assert await shown(linden) == [("Ольга Ким", "Закупщик", True)]
    assert await shown(maple) == [("Ольга Ким", "Директор", False)]
    assert [one.name for one in (await queries.card(SYSTEM, olya)).companies] == [LINDEN, MAPLE]
    await merging.unmerge(SYSTEM, merge_id=done.merge_id)
    assert await picture() == before


async def test_companies_become_one_with_all_their_people(opened: str) -> None:
    linden, double = await company(), await company("Липа")
    olga, ivan = await people.client("Ольга Ким"), await people.client("Иван Бук")
    await link(linden, olga)
    await link(double, ivan)
    await link(double, olga, "Директор")
    await linking.set_main(SYSTEM, company_id=linden, person_id=olga)
    await linking.set_main(SYSTEM, company_id=double, person_id=ivan)
    before = await picture()
    done = await merging.merge(SYSTEM, kept_id=linden, gone_id=double)
    assert await shown(linden) == [("Ольга Ким", "", True), ("Иван Бук", "", False)]
    await linking.set_position(SYSTEM, company_id=double, person_id=ivan, position="Юрист")
    await merging.unmerge(SYSTEM, merge_id=done.merge_id)
    assert await shown(double) == [("Иван Бук", "Юрист", True), ("Ольга Ким", "Директор", False)]
    await linking.set_position(SYSTEM, company_id=double, person_id=ivan, position="")
    assert await picture() == before


PHONES = ("+79120000001", "+79120000002", "+79120000003")


async def _change(chance: random.Random, companies: list[int], persons: list[int]) -> None:
    """Something happens to links, contacts and requisites, as people do it."""
    pair: dict[str, Any] = {
        "company_id": chance.choice(companies),
        "person_id": chance.choice(persons),
    }
    try:
        match chance.randrange(5):
            case 0 | 1:
                await linking.link(SYSTEM, **pair)
            case 2:
                await linking.set_main(SYSTEM, **pair)
            case 3:
                await linking.unlink(SYSTEM, **pair)
            case _:
                one = chance.choice([*companies, *persons])
                added = await clients.add_contact(
                    SYSTEM, client_id=one, kind=ContactKind.PHONE, value=chance.choice(PHONES)
                )
                await contactchanges.change_contact(
                    SYSTEM, client_id=one, contact_id=added.contact_id, preferred=True
                )
    except NotFound:
        pass


async def _seen(cards: list[int]) -> list[object]:
    """What every card shows of links and contacts; doubles and two mains would be seen here."""
    found: list[object] = []
    for one in cards:
        card = await queries.card(SYSTEM, one)
        members = await links.people_of(SYSTEM, one)
        assert len({member.id for member in members}) == len(members)
        assert len({member.id for member in card.companies}) == len(card.companies)
        assert sum(member.is_main for member in members) <= 1
        assert sum(contact.preferred for contact in card.contacts) <= 1
        found.append((card.contacts, card.companies, members))
    return found


@pytest.mark.parametrize("seed", range(10))
async def test_merges_and_undos_whatever_happens_between(opened: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    companies = [await company(f"Компания {number}") for number in range(4)]
    persons = [await people.client(f"Человек {number}") for number in range(4)]
    for _ in range(25):
        await _change(chance, companies, persons)
    before, seen = await picture(), await _seen([*companies, *persons])
    quiet, standing, apart = chance.random() < 0.5, [], [list(companies), list(persons)]
    while any(len(group) > 1 for group in apart):
        group = chance.choice([one for one in apart if len(one) > 1])
        kept, gone = chance.sample(group, 2)
        standing.append((await merging.merge(SYSTEM, kept_id=kept, gone_id=gone)).merge_id)
        group.remove(gone)
        for _ in range(0 if quiet else chance.randrange(4)):
            await _change(chance, companies, persons)
        await _seen([*companies, *persons])
    while standing:
        merge_id = standing[-1] if quiet else chance.choice(standing)
        try:
            await merging.unmerge(SYSTEM, merge_id=merge_id)
        except Conflict:
            continue
        standing.remove(merge_id)
        await _seen([*companies, *persons])
    if quiet:
        assert await picture() == before
        assert await _seen([*companies, *persons]) == seen


async def test_an_operator_may_link_and_see(opened: str) -> None:
    operator = await people.employee(Role.OPERATOR)
    linden, olga = await company(), await people.client("Ольга Ким")
    await linking.link(operator, company_id=linden, person_id=olga)
    assert [one.name for one in await links.people_of(operator, linden)] == ["Ольга Ким"]

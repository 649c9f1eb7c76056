"""Requisites: kept once, searched by, told of when another card has the same; merges."""

from __future__ import annotations

import pytest

from crm_core.clients import commands as clients
from crm_core.clients import details, merging, queries
from crm_core.kernel import commands, db
from crm_core.kernel.actors import SYSTEM, Actor
from crm_core.kernel.errors import Forbidden, Invalid
from tests.crm_core.clients import people

INN, KPP, OGRN = "7707083893", "773601001", "1027700132195"


async def keep(client_id: int, **values: str) -> details.Kept:
    return await details.set_requisites(
        SYSTEM, client_id=client_id, values=details.Requisites(**values)
    )


async def test_kept_changed_cleared_with_what_was_before(opened: str) -> None:
    one = (await clients.create(SYSTEM, name="ООО Липа", kind="company")).client_id
    asked = {
        "client_id": one,
        "values": {"inn": "7707 083893", "kpp": KPP, "legal_name": " ООО  «Липа» "},
    }
    done = await commands.run(await people.employee(), "client.set_requisites", asked)
    assert done["requisites"] == {
        "inn": INN,
        "kpp": KPP,
        "ogrn": "",
        "legal_name": "ООО «Липа»",
        "address": "",
    }
    await keep(one, inn=INN)
    await keep(one, kpp="", address="Тверь")
    found = await details.requisites(SYSTEM, one)
    assert (found.inn, found.kpp, found.address) == (INN, "", "Тверь")
    rows = await db.fetch("SELECT data FROM event WHERE type = 'RequisitesChanged' ORDER BY id")
    assert len(rows) == 2
    assert f'"kpp": "{KPP}"' in rows[1]["data"]


async def test_found_by_inn_and_ogrn(opened: str) -> None:
    one = await people.client("Липа")
    await people.client("Однофамилец", phone="+77707083893")
    await keep(one, inn=INN, ogrn=OGRN)
    assert (await queries.search(SYSTEM, INN))[0].id == one
    assert [found.id for found in await queries.search(SYSTEM, OGRN)] == [one]


async def test_same_inn_and_kpp_is_told_branches_are_not(opened: str) -> None:
    first, branch, double = [await people.client(name) for name in ("А", "Б", "В")]
    await keep(first, inn=INN, kpp=KPP)
    assert (await keep(branch, inn=INN, kpp="540101001")).duplicates == ()
    assert (await keep(double, inn=INN)).duplicates == ()
    assert (await keep(double, kpp=KPP)).duplicates == (first,)


async def test_refused_with_what_is_wrong_and_nothing_kept(opened: str) -> None:
    one = await people.client("Липа")
    with pytest.raises(Invalid, match="check digit"):
        await keep(one, inn="7707083894", address="Тверь")
    await keep(one, inn="500100732259")
    with pytest.raises(Invalid, match="has no KPP"):
        await keep(one, kpp=KPP)
    assert (await details.requisites(SYSTEM, one)).address == ""
    with pytest.raises(Forbidden):
        await details.requisites(Actor(kind="client"), one)


async def test_a_merge_carries_them_where_there_are_none(opened: str) -> None:
    kept, gone, third = [await people.client(name) for name in ("А", "Б", "В")]
    await keep(gone, inn=INN)
    await keep(third, inn="7736207543")
    done = await merging.merge(SYSTEM, kept_id=kept, gone_id=gone)
    assert (await details.requisites(SYSTEM, kept)).inn == INN
    later = await merging.merge(SYSTEM, kept_id=kept, gone_id=third)
    assert (await details.requisites(SYSTEM, third)).inn == INN
    await merging.unmerge(SYSTEM, merge_id=done.merge_id)
    assert (await details.requisites(SYSTEM, gone)).inn == INN
    assert (await details.requisites(SYSTEM, kept)).inn == "7736207543"
    await merging.unmerge(SYSTEM, merge_id=later.merge_id)
    assert (await details.requisites(SYSTEM, kept)).inn == ""
    assert (await details.requisites(SYSTEM, third)).inn == "7736207543"

"""The life of a proposal: found by the scan, dismissed, merged, apart again, withdrawn."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from crm_core.clients import commands as clients
from crm_core.clients import merging
from crm_core.clients.rules import ContactKind
from crm_core.duplicates import commands, pairs, queries, scanning
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.kernel.errors import Conflict, Forbidden, Invalid
from tests import factories
from tests.crm_core.clients import people

pytestmark = pytest.mark.usefixtures("opened")
PHONE = "+79123456789"


async def states() -> list[tuple[int, int, str]]:
    rows = await db.fetch("SELECT low_id, high_id, state FROM duplicate_pair ORDER BY 1, 2")
    return [(row["low_id"], row["high_id"], row["state"]) for row in rows]


async def proposed() -> list[tuple[int, int]]:
    rows = await db.fetch(
        "SELECT client_id, data FROM event WHERE type = 'DuplicateProposed' ORDER BY id"
    )
    return [(row["client_id"], orjson.loads(row["data"])["other_id"]) for row in rows]


async def twins(*names: str) -> list[int]:
    found = [await people.client(name, phone=PHONE) for name in names]
    await scanning.drain()
    return found


async def test_found_once_in_the_background() -> None:
    one, two = await twins("Пётр Ёлкин", "Елкин П.")
    assert await states() == [(one, two, "open")]
    assert await proposed() == [(two, one)]
    await clients.rename(SYSTEM, client_id=one, name="Пётр Ильич Ёлкин")
    assert await scanning.drain() == 1
    assert await proposed() == [(two, one)], "it was open already: no news"
    (found,) = await queries.of_client(SYSTEM, one)
    assert (found.two_id, found.two_name) == (two, "Елкин П.")
    assert found.whys[0].text == "тот же телефон +7 912 345-67-89"


async def test_a_dismissed_pair_comes_back_only_for_a_new_reason() -> None:
    one, two = await twins("Пётр Ёлкин", "Елкин П.")
    await commands.dismiss(SYSTEM, one_id=two, two_id=one)
    await commands.dismiss(SYSTEM, one_id=two, two_id=one)
    await scanning.look([one, two])
    assert await states() == [(one, two, "dismissed")]
    for card in (one, two):
        await clients.remove_contact(SYSTEM, client_id=card, contact_id=await contact(card))
        await people.contact(card, "phone", PHONE)
    await scanning.drain()
    assert await states() == [(one, two, "dismissed")], "off and on again is not new"
    for card in (one, two):
        await people.contact(card, "email", "elkin@gmail.com")
    await scanning.drain()
    assert await states() == [(one, two, "open")]
    assert len(await proposed()) == 2


async def contact(client_id: int) -> Any:
    return await db.fetchval("SELECT min(id) FROM contact_point WHERE client_id = $1", client_id)


async def test_withdrawn_when_nothing_speaks_for_it_any_more() -> None:
    one, two = await twins("Пётр Ёлкин", "Елкин П.")
    await clients.remove_contact(SYSTEM, client_id=two, contact_id=await contact(two))
    await clients.rename(SYSTEM, client_id=two, name="Ольга Белова")
    await scanning.drain()
    assert await states() == []
    assert await queries.of_client(SYSTEM, one) == []


async def test_in_step_with_merge_and_undo() -> None:
    one, two, three = await twins("Пётр Ёлкин", "Елкин П.", "Петр Елкин")
    assert len(await states()) == 3
    await commands.dismiss(SYSTEM, one_id=two, two_id=three)
    done = await merging.merge(SYSTEM, kept_id=one, gone_id=two)
    await scanning.drain()
    assert (one, two, "merged") in await states()
    assert [found.two_id for found in await queries.of_client(SYSTEM, one)] == [three]
    await merging.unmerge(SYSTEM, merge_id=done.merge_id)
    await scanning.drain()
    assert await states() == [
        (one, two, "open"), (one, three, "open"), (two, three, "dismissed")
    ]  # fmt: skip


async def test_what_was_dismissed_of_the_folded_card_goes_on_for_the_kept_one() -> None:
    one = await people.client("Клиент")
    two, three = await twins("Елкин П.", "Петр Елкин")
    await commands.dismiss(SYSTEM, one_id=two, two_id=three)
    await merging.merge(SYSTEM, kept_id=one, gone_id=two)
    await scanning.drain()
    kept = [state for low, high, state in await states() if (low, high) == (one, three)]
    assert kept == ["dismissed"]


async def test_a_killed_scan_is_done_again() -> None:
    one = await people.client("Пётр Ёлкин", phone=PHONE)
    two = await people.client("Елкин П.", phone=PHONE)

    class Killed(Exception):
        pass

    with pytest.raises(Killed):
        async with db.transaction():
            assert await scanning.step()
            raise Killed
    assert await states() == []
    await scanning.drain()
    assert await states() == [(one, two, "open")]


async def test_several_scanners_find_each_pair_once() -> None:
    for number in range(40):
        await people.client(f"Клиент {number}", phone=f"+7912000{number // 2:04}")

    async def work() -> None:
        while await scanning.step(7):
            pass

    await asyncio.gather(*(work() for _ in range(4)))
    assert len(await states()) == 20
    assert len(await proposed()) == 20


async def test_every_door_makes_a_card_due() -> None:
    async def due() -> set[int]:
        rows = await db.fetch("DELETE FROM client_due RETURNING client_id")
        return {row["client_id"] for row in rows}

    one, two = await people.client("Пётр"), await people.client("Ольга")
    assert await due() == {one, two}
    added = await clients.add_contact(SYSTEM, client_id=one, kind=ContactKind.PHONE, value=PHONE)
    assert await due() == {one}
    await clients.remove_contact(SYSTEM, client_id=one, contact_id=added.contact_id)
    assert await due() == {one}
    identity = await people.identity(one, await people.channel())
    assert await due() == {one}
    await db.execute("UPDATE identity SET client_id = $2 WHERE id = $1", identity, two)
    assert await due() == {two}
    await clients.note(SYSTEM, client_id=one, text="заметка")
    assert await due() == set()


async def test_walking_through_all_again() -> None:
    one, two = await twins("Пётр Ёлкин", "Елкин П.")
    await db.execute("DELETE FROM duplicate_pair")
    assert await commands.rescan(SYSTEM) == 2
    with pytest.raises(Invalid):
        await commands.rescan(SYSTEM)
    await scanning.drain()
    assert await states() == [(one, two, "open")]


async def test_who_may_see_and_decide() -> None:
    one, two = await twins("Пётр Ёлкин", "Елкин П.")
    oleg = await factories.employee("Олег", role=Role.OPERATOR)
    assert await queries.of_client(oleg, one) == []
    with pytest.raises(Forbidden):
        await queries.proposals(oleg)
    with pytest.raises(Forbidden):
        await commands.dismiss(oleg, one_id=one, two_id=two)
    anna = await factories.employee("Анна")
    with pytest.raises(Forbidden):
        await commands.rescan(anna)
    found, total = await queries.proposals(anna)
    assert ([(p.one_id, p.two_id) for p in found], total) == ([(one, two)], 1)
    await merging.merge(anna, kept_id=one, gone_id=two)
    with pytest.raises(Conflict):
        await commands.dismiss(anna, one_id=one, two_id=two)


async def test_pairs_are_the_lower_id_first() -> None:
    assert pairs.ordered(7, 3) == pairs.ordered(3, 7) == (3, 7)

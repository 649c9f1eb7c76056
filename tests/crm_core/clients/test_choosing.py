"""Values chosen in a merge, and their way back."""

from __future__ import annotations

import pytest

from crm_core.clients import choosing, commands, merging, queries
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.errors import Invalid
from tests import factories
from tests.crm_core.clients import people

pytestmark = pytest.mark.usefixtures("opened")
CARD = "SELECT name, folded, kind, manager_id FROM client WHERE id = $1"


async def two() -> tuple[int, int]:
    anna, oleg = await factories.employee("Анна"), await factories.employee("Олег")
    kept, gone = await people.client("petr_e"), await people.client("Пётр Ёлкин")
    await commands.set_manager(SYSTEM, client_id=kept, manager_id=anna.id)
    await commands.set_manager(SYSTEM, client_id=gone, manager_id=oleg.id)
    return kept, gone


async def test_chosen_values_stand_and_go_back_whole() -> None:
    kept, gone = await two()
    before = [dict(await db.fetchrow(CARD, one) or {}) for one in (kept, gone)]
    found = await choosing.differences(kept, gone)
    assert [(one.field, one.kept, one.gone) for one in found] == [
        ("name", "petr_e", "Пётр Ёлкин"), ("manager", "Анна", "Олег"),
    ]  # fmt: skip
    done = await merging.merge(SYSTEM, kept_id=kept, gone_id=gone, take=("name", "manager"))
    card = await queries.card(SYSTEM, kept)
    assert (card.name, card.manager_name) == ("Пётр Ёлкин", "Олег")
    assert [one.id for one in await queries.search(SYSTEM, "ёлкин пётр")] == [kept]
    await merging.unmerge(SYSTEM, merge_id=done.merge_id)
    assert [dict(await db.fetchrow(CARD, one) or {}) for one in (kept, gone)] == before


async def test_what_was_written_after_the_merge_stays() -> None:
    kept, gone = await two()
    done = await merging.merge(SYSTEM, kept_id=kept, gone_id=gone, take=("name", "manager"))
    await commands.rename(SYSTEM, client_id=kept, name="Пётр Ильич Ёлкин")
    await merging.unmerge(SYSTEM, merge_id=done.merge_id)
    card = await queries.card(SYSTEM, kept)
    assert (card.name, card.manager_name) == ("Пётр Ильич Ёлкин", "Анна")


async def test_a_field_nobody_has_is_refused() -> None:
    kept, gone = await two()
    with pytest.raises(Invalid):
        await merging.merge(SYSTEM, kept_id=kept, gone_id=gone, take=("shoe_size",))
    assert await db.fetchval("SELECT count(*) FROM client_merge") == 0

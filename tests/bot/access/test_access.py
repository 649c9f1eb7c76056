"""An admin says in the bot whose clients each role sees; cards and searches follow at once."""

from __future__ import annotations

import pytest

from bot.access.handlers import NEXT, widened
from crm_core.clients import commands as clients
from crm_core.kernel.actors import Reach, Role, Sight
from crm_core.staff.sights import WIDTH, sights
from tests.bot.clients.scenes import press, row
from tests.bot.rig import Rig, labels
from tests.bot.search.test_search import find


@pytest.mark.parametrize("read", Reach)
@pytest.mark.parametrize("write", Reach)
@pytest.mark.parametrize("what", ["read", "write"])
def test_writing_never_reaches_further_than_reading(read: Reach, write: Reach, what: str) -> None:
    if WIDTH[write] > WIDTH[read]:
        return
    found = widened(Sight(read=read, write=write), what)
    assert WIDTH[found.write] <= WIDTH[found.read]
    assert (found.read if what == "read" else found.write) in {NEXT[read], NEXT[write], Reach.OWN}


async def test_a_role_is_narrowed_and_its_search_finds_no_more(rig: Rig) -> None:
    admin = await rig.employee("Ада", role=Role.ADMIN)
    anna = await rig.employee("Анна")
    boris = await rig.employee("Борис")
    await clients.create(await rig.actor(boris), name="Пётр Иванов")
    home = admin.received()[0]
    await press(admin, "⚙️ Настройки", home)
    await press(admin, "🔐 Доступ к клиентам", home)
    assert "Менеджер: видит всех, меняет всех" in home.text
    await press(admin, "👁 менеджер: всех", home)
    assert "Менеджер: видит своих, меняет своих" in home.text
    assert (await sights())[Role.MANAGER] == Sight(read=Reach.OWN, write=Reach.OWN)
    assert "Ничего не нашлось." in (await find(rig, anna, "Пётр Иванов")).text
    assert row(await find(rig, boris, "Пётр Иванов"), "Пётр Иванов")


async def test_a_department_is_made_and_filled_by_buttons(rig: Rig) -> None:
    admin = await rig.employee("Ада", role=Role.ADMIN)
    anna = await rig.employee("Анна")
    boris = await rig.employee("Борис")
    await clients.create(await rig.actor(boris), name="Пётр Иванов")
    home = admin.received()[0]
    await press(admin, "⚙️ Настройки", home)
    await press(admin, "🔐 Доступ к клиентам", home)
    await press(admin, "👁 менеджер: всех", home)
    await press(admin, "👁 менеджер: своих", home)
    await press(admin, "➕ Отдел", home)
    await admin.wait_text("Напишите название.")
    admin.text("Продажи")
    await admin.wait(lambda: "🏢 Продажи · 0" in labels(admin.received()[-1]))
    shown = admin.received()[-1]
    await press(admin, "🏢 Продажи · 0", shown)
    await press(admin, "Анна", shown)
    await press(admin, "Борис", shown)
    assert [one for one in labels(shown) if one.startswith("✓")] == ["✓ Анна", "✓ Борис"]
    assert row(await find(rig, anna, "Пётр Иванов"), "Пётр Иванов")
    await press(admin, "✓ Анна", shown)
    assert "Анна" in labels(shown)


async def test_others_do_not_see_the_switches(rig: Rig) -> None:
    anna = await rig.employee("Анна", role=Role.HEAD)
    home = anna.received()[0]
    await press(anna, "⚙️ Настройки", home)
    assert not any("Доступ" in one for one in labels(home))

"""People of the company: links that work once, presence, queues, dismissal."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from crm_core.staff import commands, queries
from tests import factories

pytestmark = pytest.mark.usefixtures("opened")


async def admin() -> Actor:
    return await factories.employee("Админ", role=Role.ADMIN, presence="off")


async def test_added_into_the_default_queue() -> None:
    queue_id = await factories.queue()
    anna = await factories.employee("Анна", telegram_id=5)
    assert await db.fetchval("SELECT queue_id FROM queue_member") == queue_id
    assert await queries.actor_of_telegram(5) == anna
    assert await queries.actor_of_telegram(6) is None


async def test_nobody_is_nameless() -> None:
    with pytest.raises(Invalid):
        await commands.add(SYSTEM, name=" ")


async def test_one_telegram_account_is_one_employee() -> None:
    await factories.employee("Анна", telegram_id=5)
    with pytest.raises(Conflict):
        await factories.employee("Борис", telegram_id=5)


async def test_only_admins_manage_the_staff() -> None:
    head = await factories.employee("Глава", role=Role.HEAD)
    for refused in (
        commands.add(head, name="X"),
        commands.invite(head, employee_id=head.id),
        commands.deactivate(head, employee_id=head.id),
        commands.make_token(head, employee_id=head.id),
        commands.save_queue(head, name="X"),
    ):
        with pytest.raises(Forbidden):
            await refused


async def test_a_link_binds_once() -> None:
    chief, anna = await admin(), await factories.employee("Анна")
    token = await commands.invite(chief, employee_id=anna.id)
    assert token not in await db.fetchval("SELECT token_hash FROM invite")
    results = await asyncio.gather(
        *(commands.bind(token, 100 + number, "en") for number in range(4)), return_exceptions=True
    )
    assert [result for result in results if isinstance(result, int)] == [anna.id]
    assert sum(isinstance(result, Invalid) for result in results) == 3
    row = await db.fetchrow("SELECT telegram_id, language FROM employee WHERE id = $1", anna.id)
    assert row is not None
    assert row["telegram_id"] in range(100, 104)
    assert row["language"] == "en"


async def test_a_new_link_ends_the_old_one() -> None:
    chief, anna = await admin(), await factories.employee("Анна")
    old = await commands.invite(chief, employee_id=anna.id)
    new = await commands.invite(chief, employee_id=anna.id)
    with pytest.raises(Invalid, match="replaced"):
        await commands.bind(old, 5)
    assert await commands.bind(new, 5) == anna.id


async def test_links_expire() -> None:
    chief, anna = await admin(), await factories.employee("Анна")
    token = await commands.invite(chief, employee_id=anna.id)
    with clock.frozen(clock.now() + timedelta(days=3, seconds=1)), pytest.raises(Invalid) as error:
        await commands.bind(token, 5)
    assert "expired" in str(error.value)


async def test_a_link_does_not_take_somebody_elses_account() -> None:
    chief, anna = await admin(), await factories.employee("Анна")
    await factories.employee("Борис", telegram_id=5)
    token = await commands.invite(chief, employee_id=anna.id)
    with pytest.raises(Conflict):
        await commands.bind(token, 5)
    assert await commands.bind(token, 6) == anna.id, "the link is still good"


async def test_a_link_of_somebody_dismissed_is_worth_nothing() -> None:
    chief, anna = await admin(), await factories.employee("Анна")
    token = await commands.invite(chief, employee_id=anna.id)
    await commands.deactivate(chief, employee_id=anna.id)
    with pytest.raises(Invalid):
        await commands.bind(token, 5)
    with pytest.raises(NotFound):
        await commands.invite(chief, employee_id=anna.id)


async def test_dismissal_ends_every_access_at_once() -> None:
    chief, anna = await admin(), await factories.employee("Анна", telegram_id=5)
    token = await commands.make_token(chief, employee_id=anna.id)
    found = await queries.actor_of_token(token)
    assert found == anna
    await commands.deactivate(chief, employee_id=anna.id)
    assert await queries.actor_of_token(token) is None
    assert await queries.actor_of_telegram(5) is None
    assert await queries.actor_of_employee(anna.id) is None
    with pytest.raises(NotFound):
        await commands.make_token(chief, employee_id=anna.id)
    with pytest.raises(Invalid):
        await commands.deactivate(chief, employee_id=chief.id)


async def test_presence_is_a_fact_when_it_changes() -> None:
    anna = await factories.employee("Анна", presence="off")
    for _ in range(2):
        await commands.set_presence(anna, presence="on")
    changes = "SELECT count(*) FROM event WHERE type = 'PresenceChanged'"
    assert await db.fetchval(changes) == 1
    with pytest.raises(NotFound):
        await commands.change_presence(77, "on")


async def test_queues() -> None:
    chief, anna = await admin(), await factories.employee("Анна")
    first = await commands.save_queue(chief, name="Продажи", members=[anna.id, chief.id, anna.id])
    second = await commands.save_queue(chief, name="Склад")
    rows = await db.fetch("SELECT employee_id FROM queue_member ORDER BY position")
    assert [row["employee_id"] for row in rows] == [anna.id, chief.id]
    assert await db.fetchval("SELECT id FROM queue WHERE is_default") == first
    await commands.default_queue(chief, queue_id=second)
    assert await db.fetchval("SELECT id FROM queue WHERE is_default") == second
    assert await commands.save_queue(chief, name="Продажи", strategy="everyone") == first
    assert await db.fetchval("SELECT count(*) FROM queue_member") == 2, "members were not named"
    with pytest.raises(NotFound):
        await commands.save_queue(chief, name="Продажи", members=[77])
    with pytest.raises(NotFound):
        await commands.default_queue(chief, queue_id=77)
    names = {view.name: (view.strategy, view.on_shift) for view in await queries.queues()}
    assert names == {"Продажи": ("everyone", 1), "Склад": ("least_loaded", 0)}


async def test_colleagues_on_shift_come_first() -> None:
    for name, presence in (("А", "off"), ("Б", "away"), ("В", "on")):
        await factories.employee(name, presence=presence)  # type: ignore[arg-type] # three words
    assert [one.name for one in await queries.colleagues()] == ["В", "Б", "А"]
    assert (await queries.colleague(1)) is not None
    assert (await queries.colleague(77)) is None

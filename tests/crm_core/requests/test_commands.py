"""Accepting, handing over, rejecting, closing: who may, who wins, what follows."""

from __future__ import annotations

import asyncio

import pytest

from crm_core.kernel import commands as registry
from crm_core.kernel import db, i18n
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.kernel.errors import Conflict, Forbidden, Invalid, Missing, NotFound
from crm_core.requests import commands, queries, reasons
from crm_core.staff import commands as staff
from tests import factories, scene
from tests.factories_requests import request, row

pytestmark = pytest.mark.usefixtures("opened")


async def team(*names: str) -> list[Actor]:
    await factories.queue()
    return [await factories.employee(name) for name in names]


async def test_a_race_has_exactly_one_winner() -> None:
    people = await team("Анна", "Борис", "Вера", "Глеб", "Дина")
    number = await request()

    async def press(actor: Actor) -> str:
        try:
            await commands.accept(actor, request_id=number)
        except Conflict as error:
            return str(error)
        return "won"

    said = await asyncio.gather(*(press(one) for one in people))
    assert said.count("won") == 1
    winner = people[said.index("won")]
    assert {one for one in said if one != "won"} == {
        f"{winner.name} has already taken this request."
    }
    assert (await row(number))["responsible_id"] == winner.id
    assert await scene.events("RequestAccepted") == ["RequestAccepted"]
    await scene.require_true_loads()


async def test_accepting_twice_changes_nothing() -> None:
    (anna,) = await team("Анна")
    number = await request()
    first = await commands.accept(anna, request_id=number)
    assert await commands.accept(anna, request_id=number) == first
    assert await scene.events("RequestAccepted") == ["RequestAccepted"]


async def test_a_stranger_to_the_queue_may_neither_read_nor_accept() -> None:
    anna, boris = await team("Анна", "Борис")
    await staff.save_queue(SYSTEM, name="Продажи", members=[anna.id])
    number = await request()
    for act in (
        lambda: queries.request(boris, number),
        lambda: commands.accept(boris, request_id=number),
        lambda: commands.reject(boris, request_id=number, reason="Spam"),
    ):
        with pytest.raises(Forbidden):
            await act()
    head = await factories.employee("Вера", role=Role.HEAD)
    assert (await commands.accept(head, request_id=number)).responsible_id == head.id


async def test_handed_over_with_a_comment_the_other_has_it_at_once() -> None:
    anna, boris = await team("Анна", "Борис")
    number = await request()
    await commands.accept(anna, request_id=number)
    done = await commands.hand_over(
        anna, request_id=number, employee_id=boris.id, comment="Просит опт"
    )
    assert (done.state, done.responsible_id) == ("accepted", boris.id)
    assert (await queries.request(boris, number)).comment == "Просит опт"
    with pytest.raises(Forbidden):
        await commands.close(anna, request_id=number)
    await scene.require_true_loads()


async def test_handed_to_a_queue_it_waits_again() -> None:
    (anna,) = await team("Анна")
    other = await factories.queue("Опт")
    number = await request()
    await commands.accept(anna, request_id=number)
    done = await commands.hand_over(anna, request_id=number, queue_id=other)
    kept = await row(number)
    assert (done.state, kept["queue_id"], kept["accepted_at"]) == ("new", other, None)
    for people, queue in ((None, None), (1, 1)):
        with pytest.raises(Invalid):
            await commands.hand_over(SYSTEM, request_id=number, employee_id=people, queue_id=queue)
    for people, queue in ((99, None), (None, 99)):
        with pytest.raises(NotFound):
            await commands.hand_over(SYSTEM, request_id=number, employee_id=people, queue_id=queue)


async def test_no_rejection_without_a_reason_of_the_list() -> None:
    (anna,) = await team("Анна")
    number = await request()
    with pytest.raises(Missing) as lacking:
        await commands.reject(anna, request_id=number, reason="  ")
    assert lacking.value.fields == ("reason",)
    with i18n.using("ru"), pytest.raises(Invalid, match="Спам, Не наш профиль"):
        await commands.reject(anna, request_id=number, reason="Не люблю")
    assert (await row(number))["state"] == "new"
    await commands.reject(anna, request_id=number, reason="Spam", comment="казино")
    kept = await row(number)
    assert (kept["state"], kept["rejected_for"], kept["comment"]) == ("rejected", "Spam", "казино")
    assert kept["responsible_id"] == anna.id
    for again in (commands.accept, commands.close):
        with pytest.raises(Conflict):
            await again(anna, request_id=number)


async def test_the_admin_keeps_the_reasons() -> None:
    (anna,) = await team("Анна")
    admin = await factories.employee("Ада", role=Role.ADMIN)
    with pytest.raises(Forbidden):
        await reasons.set_reasons(anna, reasons=["Дорого"])
    assert await reasons.set_reasons(admin, reasons=["Дорого", "Далеко", "Дорого"]) == 2
    assert await reasons.reasons() == ("Дорого", "Далеко")
    assert await reasons.set_reasons(admin, reasons=["далеко", "Спам", "Дорого"]) == 3
    assert await reasons.reasons() == ("далеко", "Spam", "Дорого"), "the usual one, in Russian"
    assert await reasons.set_reasons(admin, reasons=[str(n) for n in range(30)]) == 30
    assert await reasons.set_reasons(admin, reasons=["Далеко", "Дорого"]) == 2
    number = await request()
    with pytest.raises(Invalid):
        await commands.reject(anna, request_id=number, reason="Спам")
    await commands.reject(anna, request_id=number, reason="Далеко")


async def test_commands_are_known_by_name() -> None:
    names = {name for name in registry.all_commands() if name.startswith("request.")}
    assert names >= {
        *("request.register", "request.accept", "request.hand_over", "request.reject"),
        *("request.to_client", "request.to_dialog", "request.close", "request.set_reasons"),
    }
    (anna,) = await team("Анна")
    made = await registry.run(
        anna, "request.register", {"origin": {"source": "Звонок"}, "person": {"name": "Олег"}}
    )
    assert made["created"]
    assert await db.fetchval("SELECT author_id FROM request") == anna.id


async def test_lists_and_counts() -> None:
    anna, boris = await team("Анна", "Борис")
    numbers = [await request(source=source) for source in ("Сайт", "Сайт", "UIS", "UIS", "UIS")]
    await commands.accept(anna, request_id=numbers[0])
    await commands.accept(boris, request_id=numbers[1])
    await commands.close(boris, request_id=numbers[1])
    assert await queries.counts(anna) == {"new": 3, "mine": 1}
    assert await queries.sources(anna, "new") == [("UIS", 3)]
    page, total = await queries.requests(anna, "new", source="UIS", limit=2, offset=2)
    assert ([one.id for one in page], total) == ([numbers[4]], 3)
    for which, wanted in (("mine", [1]), ("work", [1]), ("done", [2])):
        page, _ = await queries.requests(anna, which)  # type: ignore[arg-type]
        assert [one.id for one in page] == wanted, which

"""Who sees whose clients: own ones, the department's, all; in commands, cards, lists, search."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from crm_core import slices
from crm_core.clients import commands as clients
from crm_core.clients import queries
from crm_core.clients.timeline import timeline
from crm_core.clients.words import search_messages
from crm_core.kernel import commands, db
from crm_core.kernel.actors import SYSTEM, Actor, Reach, Right, Role, Sight
from crm_core.kernel.errors import Forbidden, Invalid
from crm_core.requests import knowing
from crm_core.staff import departments, sights
from crm_core.staff.queries import actor_of_employee
from tests import factories
from tests.factories_requests import request

# What a command about a client wants beside the client, where any number or word won't do.
ABOUT: dict[str, dict[str, Any]] = {
    "call.dial": {"number": "+79160000000"},
    "client.add_contact": {"kind": "phone", "value": "+79160000000"},
    "request.register": {"origin": {"kind": "lead", "source": "Сайт"}},
}
CLIENTS = ("client_id", "kept_id", "gone_id", "company_id", "person_id")


async def _again(actor: Actor) -> Actor:
    """As they would come with their next press."""
    found = await actor_of_employee(actor.id)
    assert found is not None
    return found


async def _own_only(role: Role) -> None:
    await sights.set_clients(SYSTEM, role=role, read=Reach.OWN, write=Reach.OWN)


async def _foreign() -> int:
    """A client of somebody else, with a phone."""
    other = await factories.employee("Борис")
    made = await clients.create(other, name="Пётр Иванов", phone="+79123456789")
    return made.client_id


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.MANAGER, Role.HEAD])
async def test_no_command_reaches_a_client_of_others(opened: str, role: Role) -> None:
    slices.load()
    await _own_only(role)
    client_id = await _foreign()
    actor = await factories.employee("Анна", role=role)
    mine = (await clients.create(actor, name="Свой")).client_id
    number = await request("+79160000001", "Олег")
    tried = 0
    for name, command in commands.all_commands().items():
        asked = [one for one in command.arguments.model_fields if one in CLIENTS]
        if not asked or not actor.may(command.right):
            continue
        given = _given(command) | dict.fromkeys(asked, mine) | {asked[-1]: client_id}
        if "request_id" in command.arguments.model_fields:
            given["request_id"] = number
        with pytest.raises(Forbidden):
            await commands.run(actor, name, given)
            message = f"{name} reached a client of others"
            raise AssertionError(message)
        tried += 1
    assert tried > 10


def _given(command: commands.Command) -> dict[str, Any]:
    """Something for every argument that must be there."""
    known = ABOUT.get(command.name, {})
    wanted = dict(command.arguments.model_fields)
    return known | {
        name: _something(one.annotation)
        for name, one in wanted.items()
        if one.is_required() and name not in known
    }


def _something(annotation: Any) -> object:
    """The first thing that fits."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if get_origin(annotation) is list:
        return []
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {}
    return 1 if annotation in {int, Any} else "слово"


async def test_no_card_list_or_search_shows_a_client_of_others(opened: str) -> None:
    await _own_only(Role.MANAGER)
    client_id = await _foreign()
    actor = await factories.employee("Анна")
    looks: list[Callable[[], Awaitable[object]]] = [
        lambda: queries.card(actor, client_id),
        lambda: timeline(actor, client_id),
        lambda: knowing.everything(actor, client_id),
    ]
    for look in looks:
        with pytest.raises(Forbidden, match="Борис"):
            await look()
    for text in ("Пётр Иванов", "89123456789", "6789"):
        assert await queries.search(actor, text) == []
    assert (await knowing.known(actor, {"phone": "+79123456789"})).clients == ()
    assert await search_messages(actor, "розы") == []


async def test_what_one_has_to_do_with_is_ones_own(opened: str) -> None:
    await _own_only(Role.OPERATOR)
    await factories.queue(strategy="everyone")
    anna = await factories.employee("Анна", role=Role.OPERATOR)
    boris = await factories.employee("Борис", role=Role.OPERATOR)
    client_id = (await clients.create(SYSTEM, name="Ольга", phone="+79123456789")).client_id
    number = await request("+79123456789", "Ольга")
    linked = await db.fetchval("SELECT client_id FROM request WHERE id = $1", number)
    assert linked == client_id
    assert (await queries.card(anna, client_id)).id == client_id
    await commands.run(boris, "request.accept", {"request_id": number})
    await db.execute("UPDATE client SET manager_id = NULL")
    assert (await queries.card(boris, client_id)).id == client_id
    with pytest.raises(Forbidden):
        await queries.card(anna, client_id)


async def test_a_department_shares_its_clients(opened: str) -> None:
    await sights.set_clients(SYSTEM, role=Role.MANAGER, read=Reach.DEPARTMENT, write=Reach.OWN)
    anna, boris = await factories.employee("Анна"), await factories.employee("Борис")
    stranger = await factories.employee("Вера")
    sales = await departments.add(SYSTEM, name="Продажи")
    for one in (anna, boris):
        await departments.set_department(SYSTEM, employee_id=one.id, department_id=sales)
    anna, boris, stranger = [await _again(one) for one in (anna, boris, stranger)]
    client_id = (await clients.create(boris, name="Пётр")).client_id
    assert (await queries.card(anna, client_id)).name == "Пётр"
    with pytest.raises(Forbidden, match="Борис"):
        await clients.rename(anna, client_id=client_id, name="Петя")
    with pytest.raises(Forbidden):
        await queries.card(stranger, client_id)
    await departments.remove(SYSTEM, department_id=sales)
    with pytest.raises(Forbidden):
        await queries.card(await _again(anna), client_id)


async def test_an_admin_always_sees_all_and_writing_is_never_wider(opened: str) -> None:
    admin = await factories.employee("Ада", role=Role.ADMIN)
    with pytest.raises(Invalid, match="always"):
        await sights.set_clients(admin, role=Role.ADMIN, read=Reach.OWN, write=Reach.OWN)
    with pytest.raises(Invalid, match="widen"):
        await sights.set_clients(admin, role=Role.HEAD, read=Reach.OWN, write=Reach.ALL)
    anna = await factories.employee("Анна")
    with pytest.raises(Forbidden):
        await sights.set_clients(anna, role=Role.MANAGER)
    await sights.set_clients(admin, role=Role.HEAD, read=Reach.ALL, write=Reach.OWN)
    assert (await sights.sights())[Role.HEAD] == Sight(write=Reach.OWN)
    assert (await sights.sights())[Role.MANAGER] == Sight()


async def test_without_the_right_to_read_nothing_is_read(opened: str) -> None:
    client_id = await _foreign()
    nobody = replace(await factories.employee("Анна"), role=None)
    assert not nobody.may(Right.CLIENT_READ)
    with pytest.raises(Forbidden):
        await queries.card(nobody, client_id)
    with pytest.raises(Forbidden):
        await queries.search(nobody, "Пётр")

"""Statuses, fullness, fields and roles of clients, through commands, the journal and timers."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import orjson
import pytest

import crm_core.clients.cardfields  # noqa: F401 - its command
from app.handlers import HANDLERS, TIMERS
from crm_core.clients import commands as clients
from crm_core.clients import queries
from crm_core.clients.listing import Wanted, listed
from crm_core.clients.roles import Counterparty, set_roles
from crm_core.clients.standing import defining, jobs, ruling
from crm_core.clients.standing.commands import set_status
from crm_core.clients.standing.conditions import Condition, What
from crm_core.clients.standing.deciding import Part
from crm_core.clients.standing.queries import policy, portrait
from crm_core.fields import commands as fields
from crm_core.fields.kinds import FieldKind
from crm_core.kernel import clock, commands, db
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from crm_core.kernel.pump import Pump
from crm_core.kernel.timers import Timers
from crm_core.kernel.wake import Wakeups
from tests.crm_core.clients import people

ROW = "SELECT status_id, status_manual, percent FROM client WHERE id = $1"


async def settle() -> None:
    """Everything the journal and the timers have to do by now."""
    await Pump([one for one in HANDLERS if one.name == "clients.standing"], Wakeups()).drain()
    timers = Timers({kind: TIMERS[kind] for kind in (jobs.ALL, jobs.DUE)}, Wakeups())
    while await timers.step():
        pass


async def row(client_id: int) -> tuple[Any, ...]:
    found = await db.fetchrow(ROW, client_id)
    assert found is not None
    return tuple(found.values())


def part(what: str, weight: int, key: str = "") -> Part:
    return Part(condition=Condition(what=What(what), key=key), weight=weight)


async def facts(kind: str) -> list[dict[str, Any]]:
    rows = await db.fetch("SELECT data FROM event WHERE type = $1 ORDER BY id", kind)
    return [orjson.loads(one["data"]) for one in rows]


async def test_new_clients_have_the_default_status_however_they_come(opened: str) -> None:
    before = await people.client("До статусов")
    new, work, *_rest = await defining.usual(SYSTEM)
    await settle()
    assert (await row(before))[0] == new, "who was there before gets it, too"
    one = (await clients.create(SYSTEM, name="Анна")).client_id
    assert (await row(one))[0] == new
    await defining.set_default(SYSTEM, status_id=work)
    assert (await row(await people.client("Прямо в таблицу")))[0] == work
    await settle()
    assert (await row(one))[0] == work
    assert len(await facts("ClientStatusSet")) == 2, "the first status is no news, another one is"
    with pytest.raises(Conflict):
        await defining.usual(SYSTEM)
    with pytest.raises(Invalid):
        await defining.archive(SYSTEM, status_id=work)


async def test_creating_a_client_costs_no_further_statement(
    opened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await defining.usual(SYSTEM)
    seen: list[str] = []
    for name in ("fetch", "fetchrow", "fetchval", "execute"):
        real = getattr(db, name)

        async def counted(sql: str, *args: Any, real: Any = real) -> Any:
            seen.append(sql)
            return await real(sql, *args)

        monkeypatch.setattr(db, name, counted)
    await clients.create(SYSTEM, name="Со статусом")
    assert len(seen) <= 5, "the card, its fact, and who else it may be"
    assert not [one for one in seen if "client_status" in one]


async def test_percent_follows_every_change_and_the_status(opened: str) -> None:
    new, work, *_rest = await defining.usual(SYSTEM)
    city = (await fields.add(SYSTEM, title="Город", kind=FieldKind.TEXT))["key"]
    full = [part("phone", 50), part("field", 30, city), part("note", 20)]
    await defining.set_template(SYSTEM, status_id=new, template=full)
    await defining.set_template(SYSTEM, status_id=work, template=[part("manager", 100)])
    anna = await people.employee()
    one = (await clients.create(anna, name="Анна", phone="89123456789")).client_id
    await settle()
    assert await row(one) == (new, False, 50)
    await commands.run(anna, "client.set_field", {"client_id": one, "field": city, "value": "Тула"})
    assert await row(one) == (new, False, 80), "in the same breath"
    await clients.note(anna, client_id=one, text="Любит пионы")
    await settle()
    assert await row(one) == (new, False, 100)
    await commands.run(anna, "client.set_field", {"client_id": one, "field": city})
    assert await row(one) == (new, False, 70)
    seen = await portrait(anna, one)
    assert (seen.percent, [part.condition.key for part in seen.missing]) == (70, [city])
    await clients.set_manager(anna, client_id=one, manager_id=None)
    await set_status(anna, client_id=one, status_id=work)
    assert await row(one) == (work, True, 0), "another status asks for other things"
    with pytest.raises(Invalid, match="sum to 99:"):
        await defining.set_template(SYSTEM, status_id=new, template=[part("phone", 99)])
    with pytest.raises(Invalid):
        await defining.set_template(SYSTEM, status_id=new, template=[part("silent_in", 100)])


async def test_a_changed_template_reaches_everybody_in_batches(
    opened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 3)
    new, *_rest = await defining.usual(SYSTEM)
    ids = [await people.client(f"К{n}", phone="+79123456789" if n % 2 else "") for n in range(8)]
    await defining.set_template(SYSTEM, status_id=new, template=[part("phone", 100)])
    await settle()
    assert [(await row(one))[2] for one in ids] == [100 if n % 2 else 0 for n in range(8)]
    await defining.set_template(SYSTEM, status_id=new, template=[])
    await settle()
    assert {(await row(one))[2] for one in ids} == {None}


@pytest.mark.feature("CLI-05")
async def test_status_by_conditions_with_the_override_recorded(opened: str) -> None:
    new, work, regular, lost = await defining.usual(SYSTEM)
    segment = await fields.add(SYSTEM, title="Сегмент", kind=FieldKind.CHOICE, options=["A", "B"])
    silent = Condition(what=What.SILENT_IN, days=90)
    idle = Condition(what=What.DIALOG, no=True)
    fits = Condition(what=What.FIELD_IS, key=segment["key"], value="a")
    await ruling.save_rule(SYSTEM, status_id=lost, conditions=[silent, idle])
    await ruling.save_rule(SYSTEM, status_id=regular, conditions=[fits])
    await ruling.save_rule(SYSTEM, status_id=work, conditions=[Condition(what=What.DIALOG)])
    anna = await people.employee()
    one = await people.client("Пётр")
    await settle()
    assert (await row(one))[:2] == (new, False)
    dialog = await people.dialog(await people.identity(one, await people.channel()))
    await people.message(dialog, "Здравствуйте")
    await clients.note(anna, client_id=one, text="пишет")  # any fact of the client
    await settle()
    assert (await row(one))[:2] == (work, False)
    await commands.run(
        anna, "client.set_field", {"client_id": one, "field": segment["key"], "value": "A"}
    )
    assert (await row(one))[:2] == (regular, False), "an earlier rule goes first"
    await db.execute("UPDATE dialog SET state = 'closed'")
    with clock.frozen(clock.now()):
        clock.advance(timedelta(days=89))
        await settle()
        assert (await row(one))[:2] == (regular, False)
        clock.advance(timedelta(days=2))
        await settle()
        assert (await row(one))[:2] == (lost, False), "by time alone"
        assert await set_status(anna, client_id=one, status_id=work) == work
        await clients.note(anna, client_id=one, text="звонил сам")
        await settle()
        assert (await row(one))[:2] == (work, True), "set by hand, it stays"
        assert await set_status(anna, client_id=one) == lost, "and released, conditions decide"
        assert (await row(one))[:2] == (lost, False)
    told = [(one["title"], one["before"], one["manual"]) for one in await facts("ClientStatusSet")]
    assert told == [
        ("В работе", "Новый клиент", False),
        ("Постоянный клиент", "В работе", False),
        ("Потерянный", "Постоянный клиент", False),
        ("В работе", "Потерянный", True),
        ("Потерянный", "В работе", False),
    ]


async def test_rules_are_ordered_changed_and_removed(opened: str) -> None:
    new, work, regular, _lost = await defining.usual(SYSTEM)
    phone = Condition(what=What.PHONE)
    first = await ruling.save_rule(SYSTEM, status_id=work, conditions=[phone, phone])
    second = await ruling.save_rule(SYSTEM, status_id=regular, conditions=[phone])
    assert [len(one.conditions) for one in (await policy()).rules] == [1, 1]
    one = await people.client("Пётр", phone="+79123456789")
    await settle()
    assert (await row(one))[0] == work
    await ruling.move_rule(SYSTEM, rule_id=second, up=True)
    await settle()
    assert (await row(one))[0] == regular
    await ruling.save_rule(
        SYSTEM, status_id=regular, rule_id=second, conditions=[Condition(what=What.EMAIL)]
    )
    await settle()
    assert (await row(one))[0] == work
    await defining.archive(SYSTEM, status_id=work)
    await settle()
    assert (await row(one))[0] == new, "rules of a status put away rest"
    await ruling.remove_rule(SYSTEM, rule_id=first)
    with pytest.raises(NotFound):
        await ruling.remove_rule(SYSTEM, rule_id=first)
    for wrong in (
        Condition(what=What.SILENT_IN),
        Condition(what=What.FIELD, key="nothing"),
        Condition(what=What.ROLE, key="king"),
    ):
        with pytest.raises(Invalid):
            await ruling.save_rule(SYSTEM, status_id=new, conditions=[wrong])
    with pytest.raises(Invalid):
        await ruling.save_rule(SYSTEM, status_id=new, conditions=[])


async def test_fields_keep_what_stood_there_before(opened: str) -> None:
    anna = await people.employee()
    stone = await fields.add(SYSTEM, title="Сорт", kind=FieldKind.CHOICE, options=["Роза", "Пион"])
    one = await people.client("Пётр")
    given = {"client_id": one, "field": stone["key"]}
    assert await commands.run(anna, "client.set_field", given | {"value": "роза"}) == "o1"
    await commands.run(anna, "client.set_field", given | {"value": "o1"})
    await fields.rename(SYSTEM, field_id=stone["id"], title="Любимый сорт")
    await fields.rename(SYSTEM, field_id=stone["id"], title="Favourite", language="en")
    await fields.option(SYSTEM, field_id=stone["id"], title="Розы", option="o1", archived=True)
    seen = await portrait(anna, one)
    assert seen.values == {stone["key"]: "o1"}
    assert [each.titled("ru") for each in seen.fields] == ["Любимый сорт"]
    assert [each.titled("en") for each in seen.fields] == ["Favourite"]
    assert seen.fields[0].options[0].title == "Розы"
    with pytest.raises(Invalid):
        await commands.run(anna, "client.set_field", given | {"value": "Розы"})
    await commands.run(anna, "client.set_field", given | {"value": "Пион"})
    told = [(each["shown"], each["was"], each["before"]) for each in await facts("ClientFieldSet")]
    assert told == [("Роза", "", None), ("Пион", "Розы", "o1")]
    await fields.archive(SYSTEM, field_id=stone["id"])
    with pytest.raises(Invalid):
        await commands.run(anna, "client.set_field", given | {"value": ""})
    await fields.archive(SYSTEM, field_id=stone["id"], archived=False)
    assert (await portrait(anna, one)).values == {stone["key"]: "o2"}


async def test_people_and_files_must_be_here(opened: str) -> None:
    anna = await people.employee()
    one = await people.client("Пётр")
    who = (await fields.add(SYSTEM, title="Куратор", kind=FieldKind.PERSON))["key"]
    paper = (await fields.add(SYSTEM, title="Анкета", kind=FieldKind.FILE))["key"]
    with pytest.raises(NotFound):
        await commands.run(anna, "client.set_field", {"client_id": one, "field": who, "value": 77})
    given = {"client_id": one, "field": who, "value": anna.id}
    assert await commands.run(anna, "client.set_field", given) == anna.id
    assert (await portrait(anna, one)).people == {anna.id: anna.name}
    with pytest.raises(NotFound):
        await commands.run(
            anna,
            "client.set_field",
            {"client_id": one, "field": paper, "value": {"sha": "a" * 64, "name": "x"}},
        )


async def test_two_at_once_both_keep_their_fields(opened: str) -> None:
    anna = await people.employee()
    one = await people.client("Пётр")
    keys = [
        (await fields.add(SYSTEM, title=f"Поле {n}", kind=FieldKind.NUMBER))["key"]
        for n in range(6)
    ]
    await asyncio.gather(
        *(
            commands.run(anna, "client.set_field", {"client_id": one, "field": key, "value": "1"})
            for key in keys
        )
    )
    assert (await portrait(anna, one)).values == dict.fromkeys(keys, "1")


async def test_of_two_at_once_in_one_field_the_later_sees_the_earlier(opened: str) -> None:
    anna = await people.employee()
    one = await people.client("Пётр")
    key = (await fields.add(SYSTEM, title="Город", kind=FieldKind.TEXT))["key"]
    given = [{"client_id": one, "field": key, "value": f"Город {n}"} for n in range(8)]
    await asyncio.gather(*(commands.run(anna, "client.set_field", each) for each in given))
    told = await facts("ClientFieldSet")
    assert len(told) == 8
    befores, afters = [each["before"] for each in told], [each["value"] for each in told]
    assert befores == [None, *afters[:-1]], "one chain: nobody's change is lost"


async def test_any_number_of_roles_and_lists_by_them(opened: str) -> None:
    anna = await people.employee()
    alpha, beta = await people.client("Альфа"), await people.client("Бета")
    both = [Counterparty.PARTNER, Counterparty.SUPPLIER]
    await set_roles(anna, client_id=alpha, roles=both)
    await set_roles(anna, client_id=alpha, roles=[*both, *both])
    await set_roles(anna, client_id=beta, roles=[Counterparty.SUPPLIER])

    async def names(role: Counterparty) -> list[str]:
        found, total = await listed(anna, Wanted(role=role))
        assert total == len(found)
        return sorted(one.name for one in found)

    assert await names(Counterparty.SUPPLIER) == ["Альфа", "Бета"]
    assert await names(Counterparty.PARTNER) == ["Альфа"]
    assert await names(Counterparty.COMPETITOR) == []
    assert (await portrait(anna, alpha)).roles == ("supplier", "partner")
    await set_roles(anna, client_id=alpha, roles=[])
    assert await names(Counterparty.PARTNER) == []
    assert [one["before"] for one in await facts("ClientRolesSet")] == [
        [],
        [],
        ["supplier", "partner"],
    ]


async def test_lists_by_status_and_fullness(opened: str) -> None:
    new, work, *_rest = await defining.usual(SYSTEM)
    await defining.set_template(
        SYSTEM, status_id=new, template=[part("phone", 60), part("email", 40)]
    )
    anna = await people.employee()
    phone = await people.client("С телефоном", phone="+79123456789")
    mail = await people.client("С почтой", email="a@example.com")
    await people.client("Полный", phone="+79123456780", email="b@example.com")
    other = await people.client("Другой")
    await set_status(anna, client_id=other, status_id=work)
    await settle()
    found, total = await listed(anna, Wanted(by="emptiest", below=100))
    assert ([one.id for one in found], total) == ([mail, phone], 2)
    assert [(one.percent, one.mark) for one in found] == [(40, "🟦"), (60, "🟦")]
    found, total = await listed(anna, Wanted(status_id=work, manager_id=None))
    assert ([one.id for one in found], total) == ([other], 1)
    assert (await queries.found([other]))[0].percent is None
    with pytest.raises(Forbidden):
        await listed(Actor(kind="client"), Wanted())


async def test_only_admins_set_it_up(opened: str) -> None:
    head = await people.employee(Role.HEAD)
    admin = await people.employee(Role.ADMIN)
    with pytest.raises(Forbidden):
        await commands.run(head, "client_status.add", {"title": "Мой"})
    with pytest.raises(Forbidden):
        await commands.run(head, "field.add", {"title": "Мой", "kind": "text"})
    assert await commands.run(admin, "client_status.add", {"title": "Мой", "mark": "🟩"})
    with pytest.raises(Invalid):
        await commands.run(admin, "client_status.add", {"title": "мой"})
    with pytest.raises(Invalid):
        await commands.run(admin, "field.add", {"title": "Выбор", "kind": "choice"})
    with pytest.raises(Invalid):
        await commands.run(admin, "client_status.change", {"status_id": 1, "color": "red"})

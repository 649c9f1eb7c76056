"""Real calls through a real Asterisk, stored as they were."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_core.accounts.commands import Settings
from crm_core.calls import commands, connecting, queries
from crm_core.clients import commands as clients
from crm_core.clients.rules import ContactKind
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.staff import commands as staff
from telephony.runner import PbxRunner
from tests import scene
from tests.telephony.asterisk.house import DID, DID_AMI, House, ended, living, settings
from tests.waiting import eventually

CALLER = "+79161234567"


async def client_of(manager: Actor | None = None) -> int:
    """A client with the caller's number."""
    client_id = (await clients.create(SYSTEM, name="Иван")).client_id
    await clients.add_contact(SYSTEM, client_id=client_id, kind=ContactKind.PHONE, value=CALLER)
    if manager is not None:
        await clients.set_manager(SYSTEM, client_id=client_id, manager_id=manager.id)
    return client_id


async def test_an_answered_call(house: House) -> None:
    anna, client_id = await house.person("Анна", "102"), await client_of()
    async with house.at_work():
        call = await house.outside.call("74950012", CALLER)
        await call.wait("up")
        talked = await living("talking")
        await call.hangup()
        [stored] = await ended()

        async def recorded() -> str | None:
            found = await queries.call(stored.id)
            return found.recording if found else None

        assert await eventually(recorded, what="the recording's name")
    assert (talked.employee_id, talked.client_id) == (anna.id, client_id)
    assert (stored.direction, stored.number, stored.outcome) == ("inbound", CALLER, "answered")
    assert (stored.employee_id, stored.hung_up_by, stored.did) == (anna.id, "client", "74950012")


async def test_missed_busy_and_given_up(house: House) -> None:
    anna = await house.person("Анна", "102")
    async with house.at_work():
        house.phones["102"].on_ring = house.phones["102"].busy
        await (await house.outside.call("74950012", CALLER)).wait("ended")
        house.phones["102"].on_ring = house.phones["102"].let_ring
        call = await house.outside.call("74950012", CALLER)
        await house.phones["102"].ringing()
        await call.hangup()
        calls = await ended(2)
    assert [one.outcome for one in calls] == ["busy", "abandoned"]
    assert [one.legs[0].employee_id for one in calls] == [anna.id, anna.id]
    assert len(await scene.events("CallMissed")) == 2


@pytest.mark.feature("TEL-03")
@pytest.mark.parametrize("did", [DID, DID_AMI], ids=["asked over HTTP", "asked by an event"])
async def test_a_call_rings_the_clients_manager_then_the_next_one(house: House, did: str) -> None:
    await house.person("Анна", "101")
    boris = await house.person("Борис", "102")
    await client_of(boris)
    house.phones["102"].on_ring = house.phones["102"].let_ring
    async with house.at_work():
        call = await house.outside.call(did, CALLER)
        await house.phones["102"].ringing()
        assert not house.phones["101"].legs
        await call.wait("up")
        await call.hangup()
        [stored] = await ended()
    assert [(leg.extension, leg.outcome) for leg in stored.legs] == [
        ("102", "no_answer"),
        ("101", "answered"),
    ]
    assert stored.route is not None
    assert [step["why"] for step in stored.route["steps"]] == ["client_manager", "least_loaded"]


@pytest.mark.parametrize("did", [DID, DID_AMI], ids=["asked over HTTP", "asked by an event"])
async def test_a_blocked_number_hears_busy(house: House, did: str) -> None:
    anna = await house.person("Анна", "101")
    await commands.block(anna, number=CALLER, note="спам")
    async with house.at_work():
        call = await house.outside.call(did, CALLER)
        await call.wait("ended")
        [stored] = await ended()
    assert call.code == 486
    assert (stored.outcome, house.phones["101"].legs) == ("busy", {})
    assert stored.route is not None
    assert stored.route["steps"][0]["why"] == "blocked"


@pytest.mark.parametrize("did", [DID, DID_AMI], ids=["asked over HTTP", "asked by an event"])
async def test_without_pult_the_queue_rings_and_the_call_is_found_in_the_log(
    house: House, did: str
) -> None:
    agent = await house.person("Агент", "103")
    house.box.log_file.unlink(missing_ok=True)  # calls of other tests a moment ago
    began = clock.now()
    call = await house.outside.call(did, CALLER)
    await house.phones["103"].ringing()
    # An event is waited for its two seconds, a refused connection is known at once.
    assert clock.now() - began < timedelta(seconds=2 if did == DID else 3)
    await call.wait("up")
    await call.hangup()
    clock.advance(timedelta(minutes=1))  # what is younger may not be whole yet
    try:
        async with house.at_work():
            [stored] = await ended()
    finally:
        clock.advance(-timedelta(minutes=1))
    assert (stored.direction, stored.number, stored.outcome) == ("inbound", CALLER, "answered")
    assert stored.employee_id == agent.id
    assert await scene.events("CallStarted", "CallRinging", "CallEnded") == [
        "CallStarted",
        "CallEnded",
    ]


@pytest.mark.parametrize("did", [DID, DID_AMI], ids=["asked over HTTP", "asked by an event"])
async def test_with_nobody_to_ring_the_queue_rings(house: House, did: str) -> None:
    await house.phone("103")
    async with house.at_work():
        call = await house.outside.call(did, CALLER)
        await house.phones["103"].ringing()
        await call.hangup()
        [stored] = await ended()
    assert stored.route is not None
    assert stored.route["steps"][0]["why"] == "nobody_on_shift"


async def test_the_dialled_number_chooses_the_queue(house: House) -> None:
    await house.person("Анна", "101")
    boris = await house.person("Борис", "102")
    await staff.save_queue(SYSTEM, name="Сервис", members=[boris.id])
    stored = Settings(config=settings(house.box, dids=f"{DID}=Сервис"), secret_fields=["secret"])
    await connecting.configure(SYSTEM, pbx_id=1, settings=stored)
    async with house.at_work():
        call = await house.outside.call(DID, CALLER)
        await call.wait("up")
        await call.hangup()
        [found] = await ended()
    assert (found.employee_id, house.phones["101"].legs) == (boris.id, {})
    assert found.route is not None
    assert found.route["steps"][0]["queue"] == "Сервис"


async def order_done(order_id: int) -> str:
    async def look() -> str | None:
        found = await queries.order(order_id)
        return found.state if found and found.state in {"done", "failed"} else None

    return str(await eventually(look, what="the order to end"))


async def test_click_to_call_belongs_to_its_card(house: House) -> None:
    anna, client_id = await house.person("Анна", "101"), await client_of()
    async with house.at_work():
        order_id = await commands.dial(
            anna,
            number="8 (916) 123-45-67",
            client_id=client_id,
            origin=commands.Origin(kind="client", id=client_id),
        )
        assert await order_done(order_id) == "done"
        talked = await living("talking")
        assert house.outside.legs
        await commands.hangup(anna, call_id=talked.id)
        [stored] = await ended()
    assert (stored.direction, stored.number, stored.outcome) == ("outbound", CALLER, "answered")
    assert (stored.client_id, stored.ordered_by_id) == (client_id, anna.id)
    assert stored.origin == {"kind": "client", "id": client_id}


async def test_who_does_not_pick_up_their_own_phone_is_told_so(house: House) -> None:
    anna = await house.person("Анна", "101")
    house.phones["101"].on_ring = house.phones["101"].busy
    async with house.at_work():
        order_id = await commands.dial(anna, number=CALLER)
        assert await order_done(order_id) == "failed"
        found = await queries.order(order_id)
    assert found is not None
    assert found.error == "Your phone is busy or has declined."


async def talking(house: House) -> tuple[Actor, int]:
    """Anna speaks with a client; her and the call's id."""
    anna = await house.person("Анна", "102")
    await (await house.outside.call("74950012", CALLER)).wait("up")
    return anna, (await living("talking")).id


@pytest.mark.parametrize("kind", ["blind", "attended"])
async def test_a_transfer(house: House, kind: str) -> None:
    boris = await house.person("Борис", "101")
    async with house.at_work():
        anna, call_id = await talking(house)
        order_id = await commands.transfer(
            anna,
            call_id=call_id,
            employee_id=boris.id,
            kind=kind,  # type: ignore[arg-type]
        )
        await house.phones["101"].talking()
        assert await order_done(order_id) == "done"
        if kind == "attended":
            await (await house.phones["102"].talking()).hangup()

        async def boris_has_it() -> bool:
            found = await queries.call(call_id)
            return found is not None and found.employee_id == boris.id and bool(found.transfers)

        await eventually(boris_has_it, what="the call to be Boris's")
        await (await house.outside.talking()).hangup()
        [stored] = [one for one in await ended() if one.id == call_id]
    assert [(one["kind"], one["by"], one["to"]) for one in stored.transfers] == [
        (kind, "102", "101")
    ]
    assert [leg.employee for leg in stored.legs] == ["Анна", "Борис"]


async def test_hold_and_back(house: House) -> None:
    async with house.at_work():
        anna, call_id = await talking(house)
        assert await order_done(await commands.hold(anna, call_id=call_id)) == "done"
        await living("held")
        assert await order_done(await commands.hold(anna, call_id=call_id, on=False)) == "done"
        await living("talking")
        await commands.hangup(anna, call_id=call_id)
        [stored] = await ended()
    assert stored.outcome == "answered"
    assert stored.hold_seconds > 0


async def test_a_colleagues_ringing_call_is_taken(house: House) -> None:
    await house.person("Анна", "102")
    boris = await house.person("Борис", "103")
    house.phones["102"].on_ring = house.phones["102"].let_ring
    async with house.at_work():
        call = await house.outside.call("74950012", CALLER)
        await house.phones["102"].ringing()
        ringing = await living("ringing")
        assert await order_done(await commands.take(boris, call_id=ringing.id)) == "done"
        await call.wait("up")
        await call.hangup()
        [stored] = await ended()
    assert (stored.employee_id, stored.outcome) == (boris.id, "answered")


async def test_a_head_listens_and_it_is_no_call(house: House) -> None:
    head = await house.person("Глава", "104", Role.HEAD)
    async with house.at_work():
        _anna, call_id = await talking(house)
        order_id = await commands.listen(head, call_id=call_id)
        await house.phones["104"].talking()
        assert await order_done(order_id) == "done"
        await (await house.outside.talking()).hangup()
        await ended()
    assert len(await queries.calls(queries.Filter())) == 1
    assert await scene.events("CallListened") == ["CallListened"]


async def test_pult_restarts_in_the_middle_of_a_call(house: House) -> None:
    async with house.at_work():
        anna, call_id = await talking(house)
    async with house.at_work():
        await commands.hangup(anna, call_id=call_id)
        [stored] = await ended()
    assert (stored.id, stored.outcome, stored.employee_id) == (call_id, "answered", anna.id)
    assert [leg.outcome for leg in stored.legs] == ["answered"]
    assert await scene.events("CallStarted", "CallEnded") == ["CallStarted", "CallEnded"]


async def test_a_call_that_ends_while_pult_is_away(house: House) -> None:
    async with house.at_work():
        _anna, call_id = await talking(house)
    await (await house.outside.talking()).hangup()
    async with house.at_work():
        [stored] = await ended()
    assert (stored.id, stored.outcome) == (call_id, "answered")


async def test_asterisk_dies_and_comes_back_in_the_middle_of_a_call(house: House) -> None:
    async with house.at_work() as runner:
        anna, call_id = await talking(house)
        house.box.kill()
        try:
            await eventually(lambda: _unlinked(runner), what="the loss to be noticed")
            failed = await order_done(await commands.hangup(anna, call_id=call_id))
        finally:
            house.box.start()
            await house.forget_calls()
        [stored] = await ended()
    assert failed == "failed"
    assert (stored.id, stored.outcome) == (call_id, "answered")
    assert await db.fetchval("SELECT broken IS NULL FROM pbx")


async def _unlinked(runner: PbxRunner) -> bool:
    return not runner.linked(1)

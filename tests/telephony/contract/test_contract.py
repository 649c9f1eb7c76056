"""The contract of PBX adapters: what holds on one holds on each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from crm_core.calls import commands, queries
from telephony.registry import KINDS
from tests import scene
from tests.telephony.asterisk import house as asterisk
from tests.telephony.asterisk.box import Box
from tests.telephony.contract.stages import CALLER, InTheCloud, OnAsterisk, Stage, only_call
from tests.telephony.webhook import house as webhook
from tests.waiting import eventually


@pytest_asyncio.fixture(params=["asterisk", "webhook"], loop_scope="session")
async def stage(request: pytest.FixtureRequest, opened: str) -> AsyncIterator[Stage]:
    if request.param == "webhook":
        async with webhook.standing() as cloud:
            yield InTheCloud(cloud)
        return
    box: Box = request.getfixturevalue("box")
    async with asterisk.standing(box) as house:
        anna = await house.person("Анна", "101")
        async with house.at_work():
            yield OnAsterisk(house, anna)


def test_every_kind_of_pbx_is_held_to_it() -> None:
    assert set(KINDS) == {"asterisk", "webhook"}


@pytest.mark.feature("TEL-01")
async def test_a_call_is_seen_from_the_ring_to_the_end(stage: Stage) -> None:
    await stage.client_calls()
    ringing = await only_call("ringing")
    await stage.anna_answers()
    talking = await only_call("talking")
    await stage.client_hangs_up()
    ended = await only_call("ended")
    assert {ringing.id, talking.id} == {ended.id}
    assert (ended.direction, ended.number, ended.outcome) == ("inbound", CALLER, "answered")
    assert (ended.employee_id, ended.hung_up_by) == (stage.anna.id, "client")
    assert [leg.extension for leg in ended.legs if leg.outcome == "answered"] == ["101"]
    told = ("CallStarted", "CallRinging", "CallAnswered", "CallEnded", "CallMissed")
    assert await scene.events(*told) == list(told[:4])


async def test_a_call_nobody_took_is_missed(stage: Stage) -> None:
    await stage.client_calls()
    await only_call("ringing")
    await stage.client_hangs_up()
    ended = await only_call("ended")
    assert (ended.outcome, ended.talk_seconds) == ("abandoned", 0)
    assert await scene.events("CallMissed") == ["CallMissed"]


async def test_dialling_and_hanging_up_by_order(stage: Stage) -> None:
    await stage.everybody_answers()
    order_id = await commands.dial(stage.anna, number=CALLER)
    talking = await only_call("talking")
    await commands.hangup(stage.anna, call_id=talking.id)
    ended = await only_call("ended")
    assert (ended.direction, ended.number, ended.outcome) == ("outbound", CALLER, "answered")
    assert ended.ordered_by_id == stage.anna.id
    assert await eventually(lambda: _done(order_id), what="the order to be done")


async def _done(order_id: int) -> bool:
    found = await queries.order(order_id)
    return found is not None and found.state == "done"

"""Times of requests against their limits, over weekends and holidays, told once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

import crm_core.worktime.commands  # noqa: F401 - registers the command
from crm_core.kernel import clock, commands, db
from crm_core.kernel.actors import SYSTEM, Actor
from crm_core.kernel.errors import Invalid
from crm_core.kernel.pump import Pump
from crm_core.kernel.timers import Timers
from crm_core.kernel.wake import Wakeups
from crm_core.requests import clocking
from crm_core.requests.commands import accept, close, hand_over
from crm_core.requests.limits import Limit, allowed
from tests import factories
from tests.factories_requests import request, row

pytestmark = pytest.mark.usefixtures("opened")
MOSCOW = ZoneInfo("Europe/Moscow")
HOUR = 3600


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


@pytest.fixture
def friday() -> Iterator[None]:
    """Friday, 20 November 2026, 17:30: half an hour is left of the week."""
    with clock.frozen(moscow("2026-11-20 17:30")):
        yield


async def set_limits(*limits: dict[str, Any]) -> None:
    await commands.run(SYSTEM, "request.set_limits", {"limits": list(limits)})
    await Pump(clocking.HANDLERS, Wakeups()).drain()


async def goes_on_to(text: str) -> list[dict[str, Any]]:
    """Time passes, timers fire; the limits that were crossed meanwhile."""
    clock.advance(moscow(text) - clock.now())
    timers = Timers({clocking.LIMIT_TIMER: clocking.crossed}, Wakeups())
    while await timers.step():
        pass
    told = await db.fetch("SELECT data FROM event WHERE type = 'RequestLimitCrossed' ORDER BY id")
    return [orjson.loads(one["data"]) for one in told]


async def someone() -> Actor:
    await factories.queue()
    return await factories.employee()


@pytest.mark.usefixtures("friday")
async def test_a_weekend_is_no_time_and_each_limit_is_told_once() -> None:
    anna = await someone()
    await set_limits({"accept": 60, "answer": 120})
    number = await request()
    found = await row(number)
    assert found["accept_by"] == moscow("2026-11-23 09:30")
    assert found["answer_by"] == moscow("2026-11-23 10:30")
    assert await goes_on_to("2026-11-23 09:29") == []
    assert [one["step"] for one in await goes_on_to("2026-11-23 09:30")] == ["accept"]
    assert len(await goes_on_to("2026-11-23 10:00")) == 1, "told once"
    await accept(anna, request_id=number)
    assert (await row(number))["accept_work"] == 1.5 * HOUR
    told = await goes_on_to("2026-11-23 11:00")
    assert [(one["step"], one["employee_id"]) for one in told[1:]] == [("answer", anna.id)]
    await close(anna, request_id=number)
    after = await row(number)
    assert (after["close_work"], orjson.loads(after["late"])) == (2.5 * HOUR, ["accept", "answer"])
    assert await db.fetchval("SELECT count(*) FROM timer WHERE kind = 'request.limit'") == 0


async def test_a_holiday_is_no_time() -> None:
    await someone()
    await set_limits({"accept": 120})
    with clock.frozen(moscow("2026-11-03 16:30")):  # a short day before the fourth of November
        number = await request()
    assert (await row(number))["accept_by"] == moscow("2026-11-05 10:30")


@pytest.mark.usefixtures("friday")
async def test_in_time_nothing_is_told() -> None:
    anna = await someone()
    await set_limits({"accept": 60})
    number = await request()
    clock.advance(timedelta(minutes=10))
    await accept(anna, request_id=number)
    assert await goes_on_to("2026-11-24 12:00") == []
    found = await row(number)
    assert (found["accept_work"], found["late"]) == (600, "[]")


@pytest.mark.usefixtures("friday")
async def test_late_is_marked_also_where_no_timer_fired() -> None:
    anna = await someone()
    await set_limits({"accept": 10})
    number = await request()
    clock.advance(timedelta(minutes=11))
    await accept(anna, request_id=number)
    assert (await row(number))["late"] == '["accept"]'


@pytest.mark.usefixtures("friday")
async def test_accepted_first_counts_when_it_goes_back_to_the_queue() -> None:
    anna = await someone()
    await set_limits({"accept": 10, "close": 60})
    number = await request()
    await accept(anna, request_id=number)
    await hand_over(anna, request_id=number, queue_id=1)
    told = await goes_on_to("2026-11-24 12:00")
    assert [one["step"] for one in told] == ["close"]
    assert (await row(number))["accept_work"] == 0


@pytest.mark.usefixtures("friday")
async def test_other_limits_and_hours_move_the_deadlines_of_open_ones() -> None:
    await someone()
    number = await request()
    assert (await row(number))["accept_by"] is None
    await set_limits({"accept": 60})
    assert (await row(number))["accept_by"] == moscow("2026-11-23 09:30")
    await commands.run(SYSTEM, "worktime.set", {"hours": ""})
    await Pump(clocking.HANDLERS, Wakeups()).drain()
    assert (await row(number))["accept_by"] == moscow("2026-11-20 18:30")
    await set_limits()
    assert (await row(number))["accept_by"] is None
    assert await db.fetchval("SELECT count(*) FROM timer WHERE kind = 'request.limit'") == 0


def test_the_nearest_limit_counts() -> None:
    known = (
        Limit(accept=15, answer=60),
        Limit(kind="call", accept=5),
        Limit(source="Roistat", accept=0, close=600),
    )
    assert allowed(known, "lead", "Сайт") == {"accept": 900, "answer": 3600}
    assert allowed(known, "call", "Сайт") == {"accept": 300, "answer": 3600}
    assert allowed(known, "call", "Roistat") == {"answer": 3600, "close": 36000}


@pytest.mark.parametrize(
    "limits", [[{"accept": 5}, {"answer": 7}], [{"accept": -1}], [{"source": "A", "kind": "call"}]]
)
async def test_limits_that_can_not_be_are_refused(limits: list[dict[str, Any]]) -> None:
    with pytest.raises(Invalid):
        await commands.run(SYSTEM, "request.set_limits", {"limits": limits})

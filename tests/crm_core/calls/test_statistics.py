"""Numbers of calls: counted by hand on a small day, in the person's own hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_core.calls.record import record
from crm_core.calls.shapes import CallSeen, LegOutcome, LegSeen
from crm_core.calls.statistics import NOTHING, Line, Period, numbers, total
from tests.crm_core.recordings.scenes import pbx, phone

pytestmark = pytest.mark.usefixtures("opened")
DAY = datetime(2026, 11, 2, tzinfo=UTC)
PERIOD = Period(since=DAY, until=DAY + timedelta(days=1), timezone="Europe/Moscow", within=20)


def leg(extension: str, at: datetime, outcome: LegOutcome, talk: float = 0, **rest: Any) -> LegSeen:
    return LegSeen(
        key=f"{at}.{extension}",
        extension=extension,
        how=rest.pop("how", "ring"),
        rang_at=at,
        ended_at=at,
        outcome=outcome,
        talk_seconds=talk,
        answered_at=at if outcome == "answered" else None,
    )


def call(hour: int, **rest: Any) -> CallSeen:
    at = DAY + timedelta(hours=hour)
    given: dict[str, Any] = {
        "key": f"{hour}.{rest}"[:150],
        "direction": "inbound",
        "state": "ended",
        "started_at": at,
        "ended_at": at,
        "number": "+79161234567",
        "outcome": "missed",
    }
    given |= rest
    if given["outcome"] == "answered":
        given |= {"answered_at": at}
    return CallSeen(**given)


def at(hour: int) -> datetime:
    return DAY + timedelta(hours=hour)


async def small_day() -> None:
    """Anna (101) takes three and one from a colleague, Boris (102) loses two and calls out."""
    both = (leg("101", at(6), "answered", 60), leg("102", at(6), "elsewhere"))
    passed = (leg("102", at(7), "no_answer"), leg("101", at(7), "answered", 120))
    await record(
        await pbx(),
        [
            call(6, outcome="answered", wait_seconds=10, talk_seconds=60, queue="sales", legs=both),
            call(7, outcome="answered", wait_seconds=40, talk_seconds=120, legs=passed),
            call(7, outcome="abandoned", queue="sales", legs=(leg("102", at(7), "cancelled"),)),
            call(
                20,
                outcome="answered",
                wait_seconds=20,
                talk_seconds=30,
                queue="sales",
                legs=(leg("101", at(20), "answered", 30),),
            ),
            call(
                8,
                direction="outbound",
                outcome="answered",
                talk_seconds=90,
                legs=(leg("102", at(8), "answered", 90, how="caller"),),
            ),
            call(
                8,
                direction="outbound",
                outcome="busy",
                legs=(leg("102", at(8), "cancelled", how="caller"),),
            ),
            call(9, direction="internal", outcome="answered", talk_seconds=500),
            call(9, outcome="answered", talk_seconds=500, part_of="7"),
            call(10, state="talking", outcome=None, ended_at=None),
            call(-1, outcome="missed"),
            call(24, outcome="missed"),
        ],
    )


def short(line: Line) -> tuple[Any, ...]:
    return (line.key, line.offered, line.answered, line.missed, line.abandoned, line.in_time)


async def test_the_whole_day() -> None:
    await small_day()
    whole = await total(PERIOD)
    assert short(whole) == ("", 4, 3, 1, 1, 2)
    assert whole.level == 0.5
    assert round(whole.wait, 2) == 23.33
    assert whole.talk == (60 + 120 + 30 + 90) / 4
    assert (whole.outgoing, whole.reached) == (2, 1)


async def test_by_hour_in_the_persons_own_time() -> None:
    await small_day()
    found = await numbers(PERIOD, "hour")
    assert [short(line) for line in found] == [
        ("9", 1, 1, 0, 0, 1),
        ("10", 2, 1, 1, 1, 0),
        ("11", 0, 0, 0, 0, 0),
        ("23", 1, 1, 0, 0, 1),
    ]
    days = await numbers(
        Period(since=PERIOD.since, until=PERIOD.until, timezone="Asia/Tokyo"), "day"
    )
    assert [(line.key, line.offered) for line in days] == [("2026-11-02", 3), ("2026-11-03", 1)]


async def test_by_queue_and_by_person() -> None:
    await phone("Анна", "101")
    boris = await phone("Борис", "102")
    await small_day()
    assert [short(line) for line in await numbers(PERIOD, "queue")] == [
        ("", 1, 1, 0, 0, 0),
        ("sales", 3, 2, 1, 1, 2),
    ]
    people = await numbers(PERIOD, "employee")
    assert [short(line) for line in people] == [
        ("Анна", 3, 3, 0, 0, 2),
        ("Борис", 2, 0, 2, 1, 0),
    ]
    assert (people[0].talk, people[1].talk) == (70, 90)
    assert (people[1].outgoing, people[1].reached) == (2, 1)
    only = await numbers(PERIOD, "employee", employee_ids=[boris.id])
    assert [line.key for line in only] == ["Борис"]


async def test_a_day_without_calls() -> None:
    assert await total(PERIOD) == NOTHING
    assert NOTHING.level is None
    assert await numbers(PERIOD, "hour") == []

"""The worker of a lane: order, pace, neighbours merged, pauses the provider asks for."""

from __future__ import annotations

import asyncio

import pytest

from crm_core.kernel import db
from routing.contracts import (
    Pacing,
    RetryLater,
)
from routing.outbound import claims, outcomes, worker
from tests.routing.lane import Lane, post, queue, requested, settled, states, working
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("opened")


async def test_every_chat_in_its_order_and_one_request_at_a_time() -> None:
    lane = Lane()
    await queue(*(post(f"c{chat}", number) for number in range(6) for chat in range(30)))
    async with working(lane):
        await settled()
    for chat in range(30):
        assert lane.of(f"c{chat}") == ["0", "1", "2", "3", "4", "5"]
    assert lane.most <= worker.PARALLEL
    assert len(lane.requests) == 180


async def test_a_stuck_chat_holds_up_nobody() -> None:
    lane = Lane()
    lane.gate.clear()
    async with working(lane):
        await queue(post("stuck", 1), post("stuck", 2))
        await requested(lane, 1)
        free = asyncio.Event()
        free.set()
        lane.gate, stuck = free, lane.gate
        await queue(*(post(f"c{number}", 1) for number in range(5)))
        await requested(lane, 6)
        assert lane.of("stuck") == ["1"]
        stuck.set()
        await settled()
    assert lane.of("stuck") == ["1", "2"]


async def test_no_more_hands_than_there_are() -> None:
    lane = Lane()
    lane.gate.clear()
    await queue(*(post(f"c{number}", 1) for number in range(40)))
    async with working(lane):
        await requested(lane, worker.PARALLEL)
        lane.gate.set()
        await settled()
    assert lane.most == worker.PARALLEL


async def test_a_commit_wakes_the_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL", 3600.0)
    lane = Lane()
    async with working(lane):
        for number in range(3):
            await queue(post("c", number))
            await requested(lane, number + 1)


async def test_as_fast_as_agreed_and_no_faster() -> None:
    pacing = Pacing(rate=40, burst=4, chat_rate=10, chat_burst=2, group_rate=5, group_burst=1)
    lane = Lane(pacing=pacing)
    await queue(*(post("g1", number) for number in range(3)))
    await queue(*(post("c1", number) for number in range(5)))
    await queue(*(post(f"d{number}", 0) for number in range(20)))
    async with working(lane):
        await settled()
    assert len(lane.at) == 28
    for chat, rate, burst in (("g1", 5, 1), ("c1", 10, 2), (None, 40, 4)):
        times = [
            at for at, (to, _) in zip(lane.at, lane.requests, strict=True) if chat in {to, None}
        ]
        for first in range(len(times)):
            for last in range(first, len(times)):
                # A request may be late for its turn and the next one on time: that is one's worth.
                assert last - first + 1 <= burst + rate * (times[last] - times[first]) + 1


async def test_the_urgent_go_before_the_rest() -> None:
    slow = Pacing(rate=30, burst=1, chat_rate=30, chat_burst=9, group_rate=9, group_burst=9)
    lane = Lane(pacing=slow)
    await queue(
        *(post(f"digest{number}", 1, priority=9) for number in range(8)),
        post("reply", 1, priority=1),
        post("urgent", 1, priority=0),
    )
    async with working(lane):
        await settled()
    assert [chat for chat, _ in lane.requests[:3]] == ["urgent", "reply", "digest0"]


async def test_neighbours_are_merged_none_is_lost_and_order_stays() -> None:
    lane = Lane()
    lane.gate.clear()
    async with working(lane):
        await queue(post("c", 1, merge_key="m"))
        await requested(lane, 1)
        await queue(*(post("c", number, merge_key="m") for number in (2, 3, 4)))
        await queue(post("c", 5), post("c", 6, merge_key="other"))
        await queue(*(post("c", number, merge_key="m") for number in (7, 8)))
        lane.gate.set()
        await settled()
    assert [rows for _, rows in lane.requests] == [
        ("1",),
        ("2", "3", "4"),
        ("5",),
        ("6",),
        ("7", "8"),
    ]


async def test_a_merged_request_that_fails_keeps_all_its_rows() -> None:
    lane = Lane()
    lane.faults["c"].append(RetryLater("slow", after=0.05))
    await queue(*(post("c", number, merge_key="m") for number in (1, 2, 3)))
    async with working(lane):
        await settled()
    assert [rows for _, rows in lane.requests] == [("1", "2", "3")] * 2


async def test_a_newer_row_takes_the_place_of_the_one_that_waits() -> None:
    lane = Lane()
    lane.gate.clear()
    async with working(lane):
        await queue(post("c", "first"))
        await requested(lane, 1)
        await queue(post("c", "old", slot="s"), post("c", "after"))
        await queue(post("c", "new", slot="s"))
        lane.gate.set()
        await settled()
    assert lane.of("c") == ["first", "new", "after"]


async def test_a_row_in_flight_gives_way_to_a_newer_one_of_its_slot() -> None:
    lane = Lane()
    lane.gate.clear()
    lane.faults["c"].append(RetryLater("slow", after=0.01))
    async with working(lane):
        await queue(post("c", "old", slot="s"))
        await requested(lane, 1)
        await queue(post("c", "new", slot="s"))
        lane.gate.set()
        await settled("sent", "cancelled")
    assert lane.of("c") == ["old", "new"]
    assert await states() == ["cancelled", "sent"]


async def test_requeue_and_a_newer_row_at_the_same_moment() -> None:
    """The slot is free when we look and taken when we write: looked at once more."""
    await queue(post("c", "old", slot="s"))
    (head,) = await claims.heads("bot", [])
    ((row,),) = [found async for found in claims.claim("bot", [head])]
    written, may_commit = asyncio.Event(), asyncio.Event()

    async def newer() -> None:
        async with db.transaction():
            await db.execute(
                "INSERT INTO outbox (lane, chat, kind, data, slot, next_at, created_at)"
                " VALUES ('bot', 'c', 'notice', '{}', 's', now(), now())"
            )
            written.set()
            await may_commit.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(newer())
        await written.wait()
        requeueing = group.create_task(claims.requeue([row.id], after=0))
        await eventually(_somebody_waits)
        may_commit.set()
    assert requeueing.done()
    assert await states() == ["cancelled", "queued"]


async def _somebody_waits() -> bool:
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    return bool(await db.fetchval(f"{waits} AND datname = current_database()"))


async def test_asked_to_wait_the_whole_lane_waits() -> None:
    lane = Lane()
    lane.faults["a"].append(RetryLater("429", after=0.4))
    async with working(lane):
        await queue(post("a", 1))
        await requested(lane, 1)
        await eventually(_queued_again)
        await queue(post("b", 1))
        await settled()
    assert lane.at[1] - lane.at[0] >= 0.4
    assert {chat for chat, _ in lane.requests[1:]} == {"a", "b"}


async def _queued_again() -> bool:
    return bool(await db.fetchval("SELECT 1 FROM outbox WHERE state = 'queued' AND attempts = 1"))


async def test_asked_to_wait_for_one_chat_the_others_go_on() -> None:
    lane = Lane()
    lane.faults["a"].append(RetryLater("429", after=0.5, chat_only=True))
    await queue(post("a", 1), post("a", 2))
    async with working(lane):
        await requested(lane, 1)
        await queue(post("b", 1))
        await settled()
    times = dict(zip([chat for chat, _ in lane.requests], lane.at, strict=True))
    assert times["b"] < times["a"]
    assert lane.of("a") == ["1", "1", "2"], "its order stays"
    again = [at for at, (chat, _) in zip(lane.at, lane.requests, strict=True) if chat == "a"]
    assert again[1] - again[0] >= 0.5


async def test_not_for_ever() -> None:
    lane = Lane()
    lane.faults["a"].extend(RetryLater("500", after=0.0, chat_only=True) for _ in range(99))
    await queue(post("a", 1))
    async with working(lane):
        await settled("failed")
    assert len(lane.requests) == outcomes.MAX_ATTEMPTS

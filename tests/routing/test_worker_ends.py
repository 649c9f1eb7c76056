"""Every way a request can end, also with its worker, its process or the database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from crm_core.kernel import clock, db
from crm_core.kernel.wake import Wakeups
from routing.contracts import (
    ChannelBroken,
    ChatMoved,
    DeliveryError,
    OutcomeUnknown,
    RecipientUnreachable,
    Rejected,
)
from routing.lanes import NotReady, OutRow, Skipped
from routing.outbound import outcomes, worker
from tests.routing.lane import Lane, post, queue, requested, settled, states, working

pytestmark = pytest.mark.usefixtures("opened")


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Rejected("too long"), "failed"),
        (RecipientUnreachable("blocked"), "failed"),
        (Skipped("over"), "cancelled"),
        (ValueError("a fault of ours"), "failed"),
        (DeliveryError("something new"), "failed"),
    ],
)
async def test_what_ends_a_row_and_the_next_one_goes(fault: Exception, state: str) -> None:
    lane = Lane()
    lane.faults["c"].append(fault)
    await queue(post("c", 1), post("c", 2))
    async with working(lane):
        await settled("sent", state)
    assert await states() == [state, "sent"]


async def test_not_ready_is_asked_again_and_not_counted() -> None:
    lane = Lane()
    lane.faults["c"].extend([NotReady("file")] * (outcomes.MAX_ATTEMPTS + 2))
    await queue(post("c", 1), post("c", 2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outcomes, "NOT_READY_PAUSE", 0.01)
        async with working(lane):
            await settled()
    assert lane.of("c")[-2:] == ["1", "2"]
    assert await db.fetchval("SELECT max(attempts) FROM outbox") == 1


@pytest.mark.parametrize(
    "fault", [OutcomeUnknown("time-out"), OSError("reset"), TimeoutError()], ids=repr
)
async def test_unknown_is_sent_again_only_where_that_is_allowed(fault: Exception) -> None:
    careful, notices = Lane(resend_unknown=False), Lane(resend_unknown=True)
    for lane in (careful, notices):
        lane.faults["c"].append(fault)
    await queue(post("c", 1, lane="careful"), post("c", 1, lane="bot"))
    async with working(careful, "careful"), working(notices):
        await settled("unknown", lane="careful")
        await settled("sent", lane="bot")
    assert (careful.of("c"), notices.of("c")) == (["1"], ["1", "1"])


async def test_what_a_dead_owner_left() -> None:
    await queue(post("c", 1, lane="careful"), post("c", 1, lane="bot"))
    await db.execute("UPDATE outbox SET state = 'sending', attempts = 1")
    careful, notices = Lane(), Lane(resend_unknown=True)
    async with working(careful, "careful"), working(notices):
        await settled("unknown", lane="careful")
        await settled("sent", lane="bot")
    assert (careful.of("c"), notices.of("c")) == ([], ["1"])
    assert "may have arrived" in await db.fetchval(
        "SELECT error FROM outbox WHERE lane = 'careful'"
    )


async def test_a_stop_waits_for_what_has_left() -> None:
    lane = Lane()
    lane.gate.clear()
    await queue(post("c", 1), post("c", 2))
    async with working(lane) as services, asyncio.TaskGroup() as group:
        await requested(lane, 1)
        stopping = group.create_task(services.cancel("worker"))
        await asyncio.sleep(0)
        assert not stopping.done()
        lane.gate.set()
        await stopping
        assert await states() == ["sent", "queued"], "and begins nothing new"


async def test_a_request_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "GRACE", 0.05)
    lane = Lane()
    lane.gate.clear()
    await queue(post("c", 1))
    async with working(lane) as services:
        await requested(lane, 1)
        await services.cancel("worker")
        assert await states() == ["sending"]
    async with working(Lane()):
        await settled("unknown")


HOUR = timedelta(hours=1)
CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def test_an_outcome_outlives_its_connection(opened: str) -> None:
    lane = Lane(resend_unknown=True)
    lane.gate.clear()
    await queue(*(post(f"c{number}", 1) for number in range(8)))
    async with working(lane):
        await requested(lane, 8)
        connection = await db.connect()
        await connection.execute(CUT)
        lane.gate.set()
        await connection.execute(CUT)
        await connection.close()
        await settled()
    assert len(lane.requests) == 8, "nothing is sent twice"


async def test_an_outcome_that_could_not_be_written_is_written_by_the_next_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "GRACE", 0.05)
    lane = Lane(resend_unknown=True)
    away = asyncio.Event()
    away.set()
    sent = outcomes.sent

    async def sent_if_there(rows: Sequence[OutRow], outcome: object) -> None:
        if away.is_set():
            message = "the database is away"
            raise db.Away(message)
        await sent(rows, outcome)  # type: ignore[arg-type] # as it came

    monkeypatch.setattr(outcomes, "sent", sent_if_there)
    await queue(post("c", 1))
    async with working(lane) as services:
        service = worker.LaneWorker("bot", lane, Wakeups())
        await services.cancel("worker")
        services.start("same", service.run)
        await requested(lane, 1)
        await services.cancel("same")
        assert await states() == ["sending"]
        away.clear()
        services.start("same", service.run)
        await settled()
    assert len(lane.requests) == 1


async def test_rows_wait_for_their_time() -> None:
    lane = Lane()
    now = clock.now()
    with clock.frozen(now):
        await queue(post("c", 1, not_before=now + HOUR), post("d", 1))
        async with working(lane):
            await settled("queued", "sent")
            assert lane.of("c") == []
            clock.advance(HOUR)
            await queue(post("e", 1))
            await settled()


async def test_moved_and_broken_on_a_lane_without_an_account() -> None:
    """The managers' bot has no row to be marked: it pauses, and goes on."""
    lane = Lane()
    lane.faults["c"].extend([ChannelBroken("token"), ChatMoved("d")])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outcomes, "BROKEN_PAUSE", 0.1)
        await queue(post("c", 1))
        async with working(lane):
            await settled()
    assert len(lane.requests) == 3
    assert lane.at[1] - lane.at[0] >= 0.1

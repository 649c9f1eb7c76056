"""What providers tell of single parts: marks and failures, in time and too early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from crm_core.dialogs import commands, queries, replies
from crm_core.dialogs.messages import InboundEvent, InboundFailure, InboundReceipt
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor
from routing.inbound import store
from tests import factories, scene
from tests.routing.lane import Lane, requested, settled, states, working

LANE = "channel:1"
LONG = "слово " * 1500  # three parts of Telegram's


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def anna(opened: str) -> AsyncIterator[Actor]:
    """An employee who has dialog 1 of channel 1."""
    channel = await scene.account()
    found = await factories.employee("Анна")
    await scene.says(channel, factories.message(chat="c1", external_id="a word of the client"))
    await commands.accept(found, dialog_id=1)
    yield found
    await scene.require_true_loads()


async def happens(*events: InboundEvent) -> None:
    async with db.transaction():
        await store.apply([(1, event) for event in events])


def failure(external_id: str, reason: str = "no such number") -> InboundFailure:
    return InboundFailure(chat="c1", external_id=external_id, at=clock.now(), reason=reason)


def receipt(external_id: str, status: str = "delivered") -> InboundReceipt:
    return InboundReceipt(
        chat="c1", external_id=external_id, at=clock.now(), status=status, only=True
    )


async def status(message_id: int) -> str:
    found: str = await db.fetchval("SELECT status FROM message WHERE id = $1", message_id)
    return found


async def sent(anna: Actor, text: str = "Добрый день", lane: Lane | None = None) -> int:
    message_id = await replies.reply(anna, dialog_id=1, text=text)
    async with working(lane or Lane(), LANE):
        await settled("sent", "delivered", "read", "failed", lane=LANE)
    return message_id


async def test_a_late_failure_is_told_with_its_reason_and_can_be_retried(anna: Actor) -> None:
    message_id = await sent(anna)
    await happens(failure("c1:1"))
    assert await status(message_id) == "failed"
    (part,) = await queries.failed_parts(message_id)
    assert part["error"] == "no such number"
    assert (await scene.events("MessageStatusChanged"))[-1] == "MessageStatusChanged"
    assert await replies.retry(anna, message_id=message_id) == 1
    lane = Lane()
    lane.requests.append(("c1", ("the first attempt",)))  # so that its id is another one
    async with working(lane, LANE):
        await settled(lane=LANE)
    assert await status(message_id) == "sent"
    await happens(failure("c1:1"))
    assert await status(message_id) == "sent", "the first attempt is over"
    await happens(receipt("c1:2", "read"))
    assert await status(message_id) == "read"


async def test_only_marks_one_part(anna: Actor) -> None:
    message_id = await sent(anna, LONG)
    await happens(receipt("c1:2"))
    assert await states(LANE) == ["sent", "delivered", "sent"]
    assert await status(message_id) == "sent"
    await happens(receipt("c1:1"), receipt("c1:3"))
    assert await status(message_id) == "delivered"


async def test_marks_never_go_back(anna: Actor) -> None:
    message_id = await sent(anna)
    await happens(receipt("c1:1", "read"))
    await happens(receipt("c1:1", "delivered"), failure("c1:1"))
    assert await status(message_id) == "read"


async def test_one_lost_part_fails_the_message(anna: Actor) -> None:
    message_id = await sent(anna, LONG)
    await happens(receipt("c1:1"), failure("c1:2"), receipt("c1:3"))
    assert await status(message_id) == "failed"
    assert await replies.retry(anna, message_id=message_id) == 1


@pytest.mark.parametrize(
    ("early", "wanted"),
    [
        ((receipt, "delivered"), "delivered"),
        ((receipt, "read"), "read"),
        ((failure, "absent"), "failed"),
    ],
)
async def test_what_is_told_before_the_answer_is_not_lost(
    anna: Actor, early: tuple[type, str], wanted: str
) -> None:
    """The provider calls back while our request still waits for its answer."""
    make, word = early
    lane = Lane()
    lane.gate.clear()
    message_id = await replies.reply(anna, dialog_id=1, text="Добрый день")
    async with working(lane, LANE):
        await requested(lane, 1)
        await happens(make("c1:1", word))
        assert await status(message_id) == "queued"
        lane.gate.set()
        await settled(wanted, lane=LANE)
    assert await status(message_id) == wanted
    assert await db.fetchval("SELECT count(*) FROM early_mark") == 0


async def test_of_several_early_marks_the_last_word_counts(anna: Actor) -> None:
    await happens(receipt("c1:1", "delivered"))
    with clock.frozen(clock.now() + timedelta(seconds=1)):
        await happens(receipt("c1:1", "read"))
    assert await status(await sent(anna)) == "read"


async def test_a_lost_piece_fails_its_part_and_no_other(anna: Actor) -> None:
    """A long SMS leaves as several pieces with ids of their own."""
    message_id = await sent(anna, LONG)
    piece = "INSERT INTO message_ref (channel_id, external_id, message_id) VALUES (1, $1, $2)"
    await db.execute("DELETE FROM message_ref WHERE external_id = 'c1:3'")
    await db.execute(piece, "a piece of c1:2", message_id)
    await db.execute(piece, "c1:3", message_id)
    await happens(receipt("a piece of c1:2", "read"))
    assert await states(LANE) == ["sent", "sent", "sent"]
    await happens(failure("a piece of c1:2"))
    assert await states(LANE) == ["sent", "failed", "sent"]


async def test_marks_of_nothing_of_ours_are_forgotten_after_a_day() -> None:
    await happens(failure("somebody else's"))
    with clock.frozen(clock.now() + timedelta(days=2)):
        await happens(failure("another"))
    rows = await db.fetch("SELECT external_id FROM early_mark")
    assert [row["external_id"] for row in rows] == ["another"]


async def test_marks_and_answers_at_once_never_miss_each_other(anna: Actor) -> None:
    """Every part gets its mark, whoever of the two commits first."""
    for _ in range(30):
        await replies.reply(anna, dialog_id=1, text="Добрый день")
    lane = Lane()

    async def marks() -> None:
        for number in range(1, 31):
            await happens(receipt(f"c1:{number}"))

    async with working(lane, LANE), asyncio.TaskGroup() as group:
        group.create_task(marks())
        await settled("delivered", lane=LANE)
    assert set(await states(LANE)) == {"delivered"}

"""What a client's answer went through: statuses, receipts, blocked people, moved chats."""

from __future__ import annotations

from collections.abc import AsyncIterator

import orjson
import pytest
import pytest_asyncio

from crm_core.dialogs import replies
from crm_core.dialogs.messages import ChatMigrated, InboundEvent, InboundReceipt, Kind
from crm_core.dialogs.replies import FileIn, Reply
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor
from routing.contracts import (
    ChannelBroken,
    ChatMoved,
    OutcomeUnknown,
    RecipientUnreachable,
    Rejected,
    RetryLater,
    Sent,
)
from routing.inbound import store
from routing.outbound import claims, outcomes
from tests import factories, scene
from tests.routing.lane import Lane, settled, states, working

LANE = "channel:1"
LONG = "слово " * 1500  # three parts of Telegram's


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def anna(opened: str) -> AsyncIterator[Actor]:
    """An employee who has dialog 1 of channel 1."""
    channel = await scene.account()
    found = await factories.employee("Анна")
    await scene.held_by(found, channel)
    yield found
    await scene.require_true_loads()


async def happens(*events: InboundEvent) -> None:
    async with db.transaction():
        await store.apply([(1, event) for event in events])


async def receipt(external_id: str, status: str = "read") -> None:
    await happens(InboundReceipt(chat="c1", external_id=external_id, at=clock.now(), status=status))


async def status(message_id: int) -> str:
    found: str = await db.fetchval("SELECT status FROM message WHERE id = $1", message_id)
    return found


async def told() -> list[str]:
    """Changes of status, as facts."""
    rows = await db.fetch("SELECT data FROM event WHERE type = 'MessageStatusChanged' ORDER BY id")
    return [orjson.loads(row["data"])["status"] for row in rows]


async def send(lane: Lane | None = None, *wanted: str) -> Lane:
    lane = lane or Lane()
    async with working(lane, LANE):
        await settled(*wanted, lane=LANE)
    return lane


async def test_sent_when_its_last_part_is(anna: Actor) -> None:
    message_id = await replies.reply(anna, dialog_id=1, text=LONG)
    lane = Lane()
    lane.faults["c1"].append(RetryLater("slow", after=0.01, chat_only=True))
    await send(lane)
    assert await status(message_id) == "sent"
    assert await told() == ["sent"], "not with every part"
    refs = "SELECT external_id FROM message_ref WHERE message_id = $1 ORDER BY id"
    assert [row["external_id"] for row in await db.fetch(refs, message_id)] == [
        "c1:2",
        "c1:3",
        "c1:4",
    ]


async def test_the_worst_part_names_the_status_and_only_it_goes_again(anna: Actor) -> None:
    message_id = await replies.reply(anna, dialog_id=1, text=LONG)
    lane = Lane()
    lane.faults["c1"].append(Rejected("too odd"))
    await send(lane, "sent", "failed")
    assert await states(LANE) == ["failed", "sent", "sent"]
    assert await status(message_id) == "failed"
    error = "SELECT data->>'error' FROM event WHERE type = 'MessageStatusChanged'"
    assert await db.fetchval(error) == "too odd"
    await replies.retry(anna, message_id=message_id)
    again = await send()
    assert len(again.requests) == 1
    assert again.requests[0][1][0] == lane.requests[0][1][0]
    assert await status(message_id) == "sent"
    assert await told() == ["failed", "queued", "sent"]


async def test_unknown_waits_for_a_person(anna: Actor) -> None:
    message_id = await replies.reply(anna, dialog_id=1, text="x")
    lane = Lane()
    lane.faults["c1"].append(OutcomeUnknown("time-out"))
    await send(lane, "unknown")
    assert await status(message_id) == "unknown"
    assert len(lane.requests) == 1


async def test_read_means_everything_before_it_was_read(anna: Actor) -> None:
    first = await replies.reply(anna, dialog_id=1, text="раз")
    second = await replies.reply(anna, dialog_id=1, text="два")
    third = await replies.reply(anna, dialog_id=1, text="три")
    await send()
    await receipt("c1:2", "delivered")
    assert [await status(one) for one in (first, second, third)] == [
        "delivered",
        "delivered",
        "sent",
    ]
    await receipt("c1:2", "read")
    await receipt("c1:2", "delivered")
    assert [await status(one) for one in (first, second, third)] == ["read", "read", "sent"]
    await receipt("c1:77")
    assert await status(third) == "sent"


async def test_half_read_is_not_read(anna: Actor) -> None:
    message_id = await replies.reply(anna, dialog_id=1, text=LONG)
    await send()
    await receipt("c1:2")
    assert await status(message_id) == "sent"
    await receipt("c1:3")
    assert await status(message_id) == "read"


async def test_a_corrected_message_is_read_alone(anna: Actor) -> None:
    first = await replies.reply(anna, dialog_id=1, text="опечтака")
    second = await replies.reply(anna, dialog_id=1, text="два")
    await send()
    await replies.edit(anna, message_id=first, text="опечатка")
    await db.execute("UPDATE outbox SET state = 'sending' WHERE kind = 'edit'")
    (edit,) = await db.fetch("SELECT id FROM outbox WHERE kind = 'edit'")
    await claims.settle([edit["id"]], "sent", external_id="c1:1")
    await receipt("c1:1")
    assert [await status(one) for one in (first, second)] == ["read", "sent"]


async def test_what_was_sent_again_is_read_when_that_is(anna: Actor) -> None:
    first = await replies.reply(anna, dialog_id=1, text="раз")
    second = await replies.reply(anna, dialog_id=1, text="два")
    lane = Lane()
    lane.faults["c1"].append(Rejected("no"))
    await send(lane, "sent", "failed")
    await replies.retry(anna, message_id=first)
    await send(Lane(requests=list(lane.requests)))
    await receipt("c1:2")
    assert [await status(one) for one in (first, second)] == ["sent", "read"]


async def test_who_blocked_us_is_marked_and_heard_again(anna: Actor) -> None:
    await replies.reply(anna, dialog_id=1, text="x")
    lane = Lane()
    lane.faults["c1"].append(RecipientUnreachable("blocked by the user"))
    await send(lane, "failed")
    assert await db.fetchval("SELECT reachable FROM identity") is False
    await scene.says(1, factories.message())
    assert await db.fetchval("SELECT reachable FROM identity") is True


async def broken() -> str | None:
    found: str | None = await db.fetchval("SELECT broken FROM channel WHERE id = 1")
    return found


async def test_a_broken_account_pauses_is_marked_and_mends(
    anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "BROKEN_PAUSE", 0.1)
    await replies.reply(anna, dialog_id=1, text="x")
    lane = Lane()
    lane.faults["c1"].extend([ChannelBroken("the token was revoked")] * 3)
    await send(lane)
    assert len(lane.requests) == 4
    assert await broken() is None
    assert await db.fetchval("SELECT max(attempts) FROM outbox") == 1
    what = "SELECT data->>'what' AS what FROM event WHERE type = 'ChannelChanged' ORDER BY id"
    assert [row["what"] for row in await db.fetch(what)] == ["added", "broken", "mended"]


async def test_a_mark_left_by_another_process_is_cleared_by_success(anna: Actor) -> None:
    await db.execute("UPDATE channel SET broken = 'the token was revoked'")
    await replies.reply(anna, dialog_id=1, text="x")
    await send()
    assert await broken() is None


async def test_a_moved_chat_gets_what_waited_for_it(anna: Actor) -> None:
    for text in ("раз", "два"):
        await replies.reply(anna, dialog_id=1, text=text)
    lane = Lane()
    lane.faults["c1"].append(ChatMoved("c9"))
    await send(lane)
    assert (lane.of("c1"), lane.of("c9")) == (["раз"], ["раз", "два"])
    assert await db.fetchval("SELECT chat FROM dialog") == "c9"


async def test_the_new_chat_may_be_heard_of_before_the_move(anna: Actor) -> None:
    await replies.reply(anna, dialog_id=1, text="ждёт")
    await scene.says(1, factories.message(chat="c9", text="уже здесь"))
    await happens(ChatMigrated(chat="c1", new_chat="c9", at=clock.now()))
    rows = await db.fetch("SELECT chat, state FROM dialog ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [("c9", "open"), ("c9", "closed")]
    moved = "SELECT dialog_id FROM message WHERE text = 'уже здесь'"
    assert await db.fetchval(moved) == 1
    assert await scene.events("DialogClosed") == ["DialogClosed"]
    await scene.says(1, factories.message(chat="c9", text="и снова"))
    assert await db.fetchval("SELECT dialog_id FROM message WHERE text = 'и снова'") == 1
    lane = await send()
    assert lane.of("c9") == ["ждёт"]


async def test_an_albums_first_id_is_the_one_to_correct(anna: Actor) -> None:
    files = [
        FileIn(sha=f"{number:064x}", kind=Kind.PHOTO, name="x.jpg", mime="image/jpeg", size=1)
        for number in range(3)
    ]
    await replies.reply(anna, dialog_id=1, text="подпись", extra=Reply(files=files))
    (head,) = await claims.heads(LANE, [])
    (rows,) = [found async for found in claims.claim(LANE, [head])]
    await outcomes.sent(rows, Sent(("c1:10", "c1:11", "c1:12")))
    assert await db.fetchval("SELECT external_id FROM outbox") == "c1:10"
    refs = await db.fetch("SELECT external_id FROM message_ref WHERE message_id = 2 ORDER BY id")
    assert [row["external_id"] for row in refs] == ["c1:10", "c1:11", "c1:12"]

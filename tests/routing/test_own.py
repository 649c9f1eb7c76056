"""What ours wrote past Pult stands in the dialog once; echoes of Pult's own words do not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from crm_core.dialogs import commands, queries, replies
from crm_core.dialogs.messages import FileRef, InboundEdit, InboundOwn, InboundReceipt, Kind
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor
from routing.contracts import OutcomeUnknown, Rejected
from routing.inbound import store
from tests import factories, scene
from tests.routing.lane import Lane, requested, settled, states, working

LANE = "channel:1"


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def anna(opened: str) -> AsyncIterator[Actor]:
    """An employee who has dialog 1 of channel 1."""
    channel = await scene.account()
    found = await factories.employee("Анна")
    await scene.held_by(found, channel)
    await db.execute("DELETE FROM message_ref")  # lanes of tests count from c1:1, too
    yield found
    await scene.require_true_loads()


def own(external_id: str = "c1:1", text: str = "Здравствуйте!", **rest: Any) -> InboundOwn:
    fields: dict[str, Any] = {"chat": "c1", "at": clock.now(), "author": "Ольга"} | rest
    return InboundOwn(external_id=external_id, text=text, **fields)


async def happens(*events: InboundOwn | InboundReceipt | InboundEdit) -> None:
    async with db.transaction():
        await store.apply([(1, event) for event in events])


async def outgoing() -> list[tuple[str, str]]:
    """Texts and statuses of what ours said, in order."""
    rows = await db.fetch(
        "SELECT text, status FROM message WHERE direction = 'out' ORDER BY at, id"
    )
    return [(row["text"], row["status"]) for row in rows]


async def test_it_stands_in_the_dialog_once_with_its_author() -> None:
    file = FileRef(kind=Kind.PHOTO, ref="https://x/1.jpg", name="1.jpg")
    event = own(files=(file,), kind=Kind.PHOTO)
    await happens(event)
    await happens(event, event)
    (view,) = [one for one in await queries.messages(1) if one.direction == "out"]
    assert (view.text, view.status, view.author_name) == ("Здравствуйте!", "sent", "Ольга")
    assert [(one.name, one.state) for one in view.files] == [("1.jpg", "pending")]
    assert await db.fetchval("SELECT unanswered_since FROM dialog") is None
    assert await scene.events("ReplyMirrored") == ["ReplyMirrored"]


async def test_the_client_reads_it_like_any_answer() -> None:
    await happens(own())
    receipt = InboundReceipt(chat="c1", external_id="c1:1", at=clock.now(), status="read")
    await happens(receipt)
    assert await outgoing() == [("Здравствуйте!", "read")]


async def test_a_later_question_still_waits_for_its_answer() -> None:
    before = clock.now()
    await scene.says(1, factories.message())
    await happens(own(at=before))
    assert await db.fetchval("SELECT unanswered_since FROM dialog") is not None


async def test_a_chat_nobody_wrote_in_has_no_dialog() -> None:
    await happens(own("c9:1", chat="c9"))
    assert await outgoing() == []
    assert await db.fetchval("SELECT count(*) FROM dialog") == 1


async def test_a_closed_dialog_takes_it_and_stays_closed(anna: Actor) -> None:
    await commands.close(anna, dialog_id=1)
    await happens(own())
    assert await outgoing() == [("Здравствуйте!", "sent")]
    assert await db.fetchval("SELECT state FROM dialog") == "closed"


async def test_an_echo_of_what_was_sent_is_no_news(anna: Actor) -> None:
    await replies.reply(anna, dialog_id=1, text="раз")
    async with working(Lane(), LANE):
        await settled(lane=LANE)
    await happens(own("c1:1", "раз"), own("c1:1", "раз", key="m2:0"))
    assert await outgoing() == [("раз", "sent")]
    assert await scene.events("ReplyMirrored") == []


@pytest.mark.parametrize("key", ["m2:0", None], ids=["by its key", "by its words"])
async def test_an_echo_quicker_than_the_answer_is_no_news(anna: Actor, key: str | None) -> None:
    message_id = await replies.reply(anna, dialog_id=1, text="раз")
    assert message_id == 2
    lane = Lane()
    lane.gate.clear()
    async with working(lane, LANE):
        await requested(lane, 1)
        await happens(own("c1:1", "раз", key=key))
        assert await outgoing() == [("раз", "sent")]
        lane.gate.set()
        await settled(lane=LANE)
    assert await outgoing() == [("раз", "sent")]
    assert await states(LANE) == ["sent"]
    refs = await db.fetch("SELECT external_id FROM message_ref WHERE message_id = 2")
    assert [row["external_id"] for row in refs] == ["c1:1"]
    assert await scene.events("ReplyMirrored", "MessageStatusChanged") == ["MessageStatusChanged"]


@pytest.mark.parametrize("error", [OutcomeUnknown("time-out"), Rejected("odd")], ids=["?", "no"])
async def test_an_echo_tells_that_it_arrived_after_all(anna: Actor, error: Exception) -> None:
    await replies.reply(anna, dialog_id=1, text="раз")
    lane = Lane()
    lane.faults["c1"].append(error)
    async with working(lane, LANE):
        await settled("unknown", "failed", lane=LANE)
    await happens(own("c1:7", "раз", key="m2:0"))
    assert await outgoing() == [("раз", "sent")]
    assert await db.fetchval("SELECT external_id FROM outbox") == "c1:7"
    assert await scene.events("ReplyMirrored") == []


async def test_the_same_words_typed_by_a_colleague_are_theirs(anna: Actor) -> None:
    await replies.reply(anna, dialog_id=1, text="раз")
    async with working(Lane(), LANE):
        await settled(lane=LANE)
    await happens(own("c1:50", "раз"))
    assert await outgoing() == [("раз", "sent"), ("раз", "sent")]


async def test_a_foreign_key_is_a_colleague_of_another_program() -> None:
    await happens(own("c1:50", "раз", key="m99:0"))
    assert await outgoing() == [("раз", "sent")]


async def test_many_at_once_in_whatever_order_end_the_same(anna: Actor) -> None:
    """Each comes twice, in several transactions at a time, beside the lane at work."""
    for number in range(6):
        await replies.reply(anna, dialog_id=1, text=f"наш {number}")
    lane = Lane()
    theirs = [own(f"c1:{100 + number}", f"их {number}") for number in range(6)]
    echoes = [own(f"c1:{n + 1}", f"наш {n}", key=f"m{n + 2}:0") for n in range(6)]
    async with working(lane, LANE):
        await requested(lane, 3)
        mixed = [*theirs[::-1], *echoes, *theirs, *echoes[::-1]]
        await asyncio.gather(*(happens(one) for one in mixed))
        await settled(lane=LANE)
    texts = sorted(text for text, _ in await outgoing())
    assert texts == sorted([*(f"наш {n}" for n in range(6)), *(f"их {n}" for n in range(6))])
    assert {status for _, status in await outgoing()} == {"sent"}


def corrected(text: str) -> InboundEdit:
    return InboundEdit(external_id="c1:1", chat="c1", at=clock.now(), text=text, own=True)


async def test_what_ours_corrected_elsewhere_is_corrected_here() -> None:
    await happens(own())
    await happens(corrected("Добрый день!"), corrected("Добрый день!"))
    assert await outgoing() == [("Добрый день!", "sent")]
    assert await scene.events("MessageEdited") == ["MessageEdited"]


async def test_a_late_echo_of_our_correction_undoes_nothing(anna: Actor) -> None:
    """Corrected twice in Pult: the echo of the first comes after the second."""
    lane = Lane()
    async with working(lane, LANE):
        message_id = await replies.reply(anna, dialog_id=1, text="Да")
        await settled("sent", lane=LANE)
    await replies.edit(anna, message_id=message_id, text="Нет")
    await db.execute("UPDATE outbox SET state = 'sent' WHERE kind = 'edit'")
    await replies.edit(anna, message_id=message_id, text="Может быть")
    await happens(corrected("Нет"))
    assert await outgoing() == [("Может быть", "sent")]
    await happens(corrected("Посмотрим"))
    assert await outgoing() == [("Посмотрим", "sent")]

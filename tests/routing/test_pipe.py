"""The group commit: whoever is told "stored" was stored, whatever happens to the others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from crm_core.dialogs.messages import FileRef, InboundMessage, Kind
from crm_core.kernel import db
from routing.contracts import RawEvent
from routing.inbound import pipe as pipes
from routing.inbound import store
from routing.inbound.pipe import AccountIntake, InboundPipe
from tests import factories, scene

pytestmark = pytest.mark.usefixtures("opened")


async def intake(pipe: InboundPipe) -> AccountIntake:
    """An account whose events carry the number of a message."""
    messages = {number: factories.message(chat=f"c{number}") for number in range(400)}
    messages[-1] = factories.message(files=(FileRef(kind=Kind.PHOTO, ref="x", size=2**70),))

    def parse(body: dict[str, Any]) -> Sequence[InboundMessage]:
        return [messages[body["n"]]]

    return pipe.intake(await scene.account(), parse)


def raw(number: int) -> RawEvent:
    return RawEvent(key=f"k{number}", body={"n": number})


async def stored() -> int:
    found: int = await db.fetchval("SELECT count(*) FROM message")
    return found


async def test_more_than_a_batch_at_once() -> None:
    door = await intake(InboundPipe())
    count = pipes.BATCH * 2 + 7
    assert all(await asyncio.gather(*(door.accept(raw(number)) for number in range(count))))
    assert await stored() == count


async def test_the_same_event_twice_in_one_batch() -> None:
    door = await intake(InboundPipe())
    results = await asyncio.gather(*(door.accept(raw(1)) for _ in range(5)))
    assert sorted(results) == [False] * 4 + [True]
    assert await stored() == 1


async def test_nobody_is_told_stored_when_nothing_could_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The database goes while a bad event of the batch is being put aside."""
    door = await intake(InboundPipe())

    async def gone(*_: object) -> None:
        message = "the database is away"
        raise db.Away(message)

    monkeypatch.setattr(store, "keep", gone)
    results = await asyncio.gather(
        door.accept(raw(-1)),
        *(door.accept(raw(number)) for number in range(5)),
        return_exceptions=True,
    )
    assert isinstance(results[0], db.Away)
    assert results[1:] == [True] * 5
    assert await stored() == 5


async def test_who_leaves_in_the_middle_takes_nobody_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    door = await intake(InboundPipe())
    began, commit = asyncio.Event(), store.commit

    async def slow(items: Sequence[store.Item]) -> None:
        if not began.is_set():
            began.set()
            await asyncio.Event().wait()
        await commit(items)

    monkeypatch.setattr(store, "commit", slow)
    async with asyncio.TaskGroup() as group:
        leader = group.create_task(door.accept(raw(0)))
        await began.wait()
        others = [group.create_task(door.accept(raw(number))) for number in range(1, 6)]
        await asyncio.sleep(0)
        leader.cancel()
    assert leader.cancelled()
    assert [one.result() for one in others] == [True] * 5
    assert await stored() == 5
    assert await door.accept(raw(0)), "asked again, it is taken"


async def test_away_is_told_to_all_who_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = InboundPipe()
    door = await intake(pipe)

    async def gone(_items: Sequence[store.Item]) -> None:
        message = "the database is away"
        raise db.Away(message)

    with monkeypatch.context() as patch:
        patch.setattr(store, "commit", gone)
        results = await asyncio.gather(
            *(door.accept(raw(number)) for number in range(5)), return_exceptions=True
        )
    assert all(isinstance(result, db.Away) for result in results)
    assert all(await asyncio.gather(*(door.accept(raw(number)) for number in range(5))))
    assert await stored() == 5

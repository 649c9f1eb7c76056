"""Collecting over POP3 from a real Dovecot."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from channels.email import popsync
from crm_core.files.store import store
from routing.contracts import RetryLater
from tests.channels.email.post import Box, letter
from tests.waiting import eventually


async def test_all_mail_comes_once_and_stays_on_the_server(box: Box) -> None:
    raws = [letter(Subject=f"Mail {number}") for number in range(5)]
    for raw in raws:
        box.mail.deliver(raw)
    await box.collect_pop()
    box.mail.deliver(letter(Subject="Mail 5"))
    await box.collect_pop()
    assert await box.subjects() == [f"Mail {number}" for number in range(6)]
    assert len(box.mail.mails()) == 6
    kept = [store().path(one["raw"]).read_bytes() for one in await box.bodies()]
    assert kept[:5] == raws


async def test_told_so_it_deletes_what_is_kept_here(box: Box) -> None:
    box.mail.deliver(letter(Subject="Old", Date="Thu, 01 Jan 2015 10:00:00 +0300"))
    box.mail.deliver(letter(Subject="New"))
    await box.collect_pop(pop_delete=True, since="2020-01-01")
    assert await box.subjects() == ["New"]
    (left,) = box.mail.mails()
    assert b"Subject: Old" in left


async def test_nothing_is_deleted_when_the_session_breaks(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(popsync, "BATCH", 2)
    for number in range(9):
        box.mail.deliver(letter(Subject=f"{number}"))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(box.collect_pop(pop_delete=True))

        async def some() -> int:
            return len(await box.subjects())

        await eventually(some)
        task.cancel()
    assert len(box.mail.mails()) == 9
    await box.collect_pop()
    assert sorted(await box.subjects()) == [f"{number}" for number in range(9)]


async def test_only_from_the_day_chosen_and_an_earlier_day_brings_the_rest(box: Box) -> None:
    for day in (3, 9, 10):
        date = f"{day:02} May 2026 12:00:00 +0000"
        received = f"from x by y; {date}"
        box.mail.deliver(letter(Subject=f"May {day}", Date=date, Received=received))
    await box.collect_pop(since="2026-05-10")
    await box.collect_pop(since="2026-05-10")
    assert await box.subjects() == ["May 10"]
    assert len(await box.bodies()) == 3  # two are known as too old
    await box.collect_pop(since="2026-05-05")
    assert await box.subjects() == ["May 10", "May 9"]


async def test_without_a_day_it_begins_with_the_day_of_connecting(box: Box) -> None:
    last_year = format(datetime(2025, 1, 1, tzinfo=UTC), "%d %b %Y 10:00:00 +0000")
    box.mail.deliver(letter(Subject="Last year", Date=last_year))
    box.mail.deliver(letter(Subject="Today"))
    await box.collect_pop(since=...)
    assert await box.subjects() == ["Today"]


async def test_of_a_huge_mail_only_the_beginning_is_taken(box: Box) -> None:
    box.mail.deliver(letter("ы" * 900_000, Subject="Huge"))
    await box.collect_pop(max_mail_mb=1)
    (body,) = await box.bodies()
    assert body["cut"]
    assert body["size"] > 1024 * 1024
    assert 500_000 < store().path(body["raw"]).stat().st_size <= 1024 * 1024


async def test_a_box_that_another_program_reads_is_waited_for(box: Box) -> None:
    """A POP3 session has the box alone; Dovecot says [IN-USE]."""
    box.mail.deliver(letter(Subject="One"))
    from channels.email.pop import PopBox
    from channels.email.worker import Worker

    first = PopBox(box.config(incoming="pop3"))
    async with Worker(first, "first") as worker:
        await worker.call(first.open)
        assert len(await worker.call(first.listed)) == 1
        await worker.call(first.delete, (await worker.call(first.listed))[0])
        await worker.call(first.abort)
        with pytest.raises(RetryLater):
            await worker.call(first.listed)
    assert len(box.mail.mails()) == 1

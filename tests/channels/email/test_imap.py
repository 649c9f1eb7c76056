"""Collecting over IMAP from a real Dovecot."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from channels.email import sync as imap_sync
from channels.email.imap import ImapBox, _bodies
from channels.email.worker import Worker
from crm_core.accounts import cursors
from crm_core.files.store import store
from crm_core.kernel import clock
from routing.contracts import ChannelBroken, RetryLater
from tests.channels.email.post import Box, letter
from tests.waiting import eventually


async def test_all_mail_comes_once_in_its_order_and_stays_unread(box: Box) -> None:
    raws = [letter(Subject=f"Mail {number}") for number in range(7)]
    for raw in raws:
        box.mail.deliver(raw)
    await box.collect()
    await box.collect()
    assert await box.subjects() == [f"Mail {number}" for number in range(7)]
    assert box.mail.unread() == 7
    kept = [store().path(one["raw"]).read_bytes() for one in await box.bodies()]
    assert kept == raws


async def test_what_is_stored_tells_where_the_mail_lies(box: Box) -> None:
    raw = letter()
    box.mail.deliver(raw, at=datetime(2026, 3, 8, 12, 30, tzinfo=UTC).timestamp())
    await box.collect(aliases="shop@shop.test", owner="7")
    (body,) = await box.bodies()
    assert body["mailbox"] == box.address
    assert body["own"] == sorted([box.address, "shop@shop.test"])
    assert body["owner"] == 7
    assert (body["folder"], body["uid"], body["sent"], body["cut"]) == ("INBOX", "1", False, False)
    assert body["received"] == "2026-03-08T12:30:00+00:00"
    assert body["size"] == len(raw)


async def test_read_mail_is_collected_too(box: Box) -> None:
    box.mail.deliver(letter(Subject="Read by a person"))
    name = next((box.mail.folder() / "new").iterdir())
    name.rename(box.mail.folder() / "cur" / f"{name.name}:2,S")
    await box.collect()
    assert await box.subjects() == ["Read by a person"]


async def test_only_from_the_day_chosen(box: Box) -> None:
    for day in (1, 9, 10, 11):
        came = datetime(2026, 5, day, 12, tzinfo=UTC).timestamp()
        box.mail.deliver(letter(Subject=f"May {day}"), at=came)
    await box.collect(since="2026-05-10")
    assert await box.subjects() == ["May 10", "May 11"]


async def test_an_earlier_day_brings_the_rest_and_nothing_twice(box: Box) -> None:
    for day in (1, 9, 10, 11):
        came = datetime(2026, 5, day, 12, tzinfo=UTC).timestamp()
        box.mail.deliver(letter(Subject=f"May {day}"), at=came)
    await box.collect(since="2026-05-10")
    await box.collect(since="2026-05-05")
    assert sorted(await box.subjects()) == ["May 10", "May 11", "May 9"]


async def test_without_a_day_it_begins_with_the_day_of_connecting(box: Box) -> None:
    box.mail.deliver(letter(Subject="Last year"), at=datetime(2025, 1, 1, tzinfo=UTC).timestamp())
    box.mail.deliver(letter(Subject="Today"))
    await box.collect(since=...)
    assert await box.subjects() == ["Today"]


async def test_a_server_behind_our_date_loses_no_new_mail(box: Box) -> None:
    async with box.imap(since=...) as sync:
        yesterday = clock.now() - timedelta(days=1)
        box.mail.deliver(letter(Subject="Moved in"), at=(yesterday - timedelta(days=9)).timestamp())
        box.mail.deliver(letter(Subject="Just now"), at=yesterday.timestamp())
        while await sync.round(["INBOX"]):
            pass
    assert await box.subjects() == ["Just now"]


async def test_new_mail_does_not_wait_for_old(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_sync, "BATCH", 2)
    monkeypatch.setattr(imap_sync, "OLD_AT_ONCE", 4)
    for number in range(10):
        box.mail.deliver(letter(Subject=f"Old {number}"))
    async with box.imap() as sync:
        assert await sync.round(["INBOX"])
        box.mail.deliver(letter(Subject="New"))
        assert await sync.round(["INBOX"])
        assert (await box.subjects())[4:5] == ["New"]
        while await sync.round(["INBOX"]):
            pass
    assert sorted(await box.subjects()) == ["New", *(f"Old {number}" for number in range(10))]


async def test_other_folders_and_sent(box: Box) -> None:
    box.mail.deliver(letter(Subject="Inbox"))
    box.mail.deliver(letter(Subject="Lead"), folder="&BBcEMARPBDIEOgQ4-")
    box.mail.deliver(letter(Subject="Ours"), folder="Sent")
    await box.collect(folders="INBOX,Заявки")
    found = {one["digest"]["subject"]: one["sent"] for one in await box.bodies()}
    assert found == {"Inbox": False, "Lead": False, "Ours": True}


async def test_sent_is_left_alone_when_told_so(box: Box) -> None:
    box.mail.deliver(letter(Subject="Ours"), folder="Sent")
    await box.collect(read_sent=False)
    assert await box.subjects() == []


async def test_a_folder_that_is_not_there_is_named(box: Box) -> None:
    with pytest.raises(ChannelBroken, match="Архив"):
        await box.collect(folders="INBOX,Архив")


async def test_another_uidvalidity_is_collected_anew_under_new_keys(box: Box) -> None:
    box.mail.deliver(letter(Subject="One"))
    await box.collect()
    before = (await cursors.read(1, "imap:INBOX") or {})["uidvalidity"]
    box.mail.forget_uids()
    box.mail.deliver(letter(Subject="Two"))
    await _other_second(before)
    await box.collect()
    after = await cursors.read(1, "imap:INBOX")
    assert after is not None
    assert after["uidvalidity"] != before
    # What the hub does with the same Message-ID twice is not the collector's business.
    assert sorted(await box.subjects()) == ["One", "One", "Two"]


async def _other_second(before: int) -> None:
    """UIDVALIDITY is the second in which the folder was made."""

    async def later() -> bool:
        return time.time() > before + 1

    await eventually(later)


async def test_a_stop_half_way_leaves_no_gap_and_no_double(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_sync, "BATCH", 3)
    for number in range(20):
        box.mail.deliver(letter(Subject=f"{number:02}"))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(box.collect())

        async def some() -> int:
            return len(await box.subjects())

        await eventually(some)
        task.cancel()
    assert len(await box.subjects()) < 20
    await box.collect()
    assert sorted(await box.subjects()) == [f"{number:02}" for number in range(20)]


async def test_a_mail_that_breaks_the_reader_is_kept_with_its_fault(box: Box) -> None:
    box.mail.deliver(letter(Subject="Bad", X_Break="yes"))
    box.mail.deliver(letter(Subject="Good"))
    await box.collect()
    bad, good = await box.bodies()
    assert "the reader breaks" in bad["fault"]
    assert bad["eml"]
    assert good["digest"]["subject"] == "Good"


async def test_of_a_huge_mail_only_the_beginning_is_taken(box: Box) -> None:
    box.mail.deliver(letter("ы" * 900_000, Subject="Huge"))
    await box.collect(max_mail_mb=1)
    (body,) = await box.bodies()
    assert body["cut"]
    assert body["size"] > 1024 * 1024
    assert store().path(body["raw"]).stat().st_size == 1024 * 1024


async def test_idle_tells_of_new_mail_at_once(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_sync, "IDLE_SECONDS", 1000.0)
    async with box.imap() as sync, asyncio.TaskGroup() as group:
        folders = await sync.start()
        task = group.create_task(sync.run(folders))
        box.mail.deliver(letter(Subject="First"))
        await eventually(lambda: _has(box, "First"))
        box.mail.deliver(letter(Subject="Second"))
        await eventually(lambda: _has(box, "Second"))
        task.cancel()


async def test_mail_between_the_look_and_the_wait_ends_the_wait(box: Box) -> None:
    """The server tells of it in one breath with "idling": nothing more comes over the line."""
    connection = ImapBox(box.config())
    async with Worker(connection, "between") as worker:
        await worker.call(connection.open)
        for _again in range(20):
            await worker.call(connection.select, "INBOX")
            box.mail.deliver(letter())
            async with asyncio.timeout(30):
                assert await worker.call(connection.wait, 300)


async def _has(box: Box, subject: str) -> bool:
    return subject in await box.subjects()


async def test_stopping_while_it_waits_leaves_no_thread(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_sync, "IDLE_SECONDS", 1000.0)
    before = threading.active_count()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(_listen(box))

        async def listens() -> bool:
            return any(one.name.startswith("mail-") for one in threading.enumerate())

        await eventually(listens)
        box.mail.deliver(letter(Subject="Seen"))
        await eventually(lambda: _has(box, "Seen"))
        task.cancel()
    assert not [one for one in threading.enumerate() if one.name.startswith("mail-box")]
    assert threading.active_count() <= before + 2


async def _listen(box: Box) -> None:
    async with box.imap() as sync:
        await sync.run(["INBOX"])


async def test_a_lost_connection_is_an_error_not_a_wait(box: Box) -> None:
    connection = ImapBox(box.config())
    async with Worker(connection, "lost") as worker:
        await worker.call(connection.open)
        await worker.call(connection.select, "INBOX")
        waiting = worker.start(connection.wait, 30)
        connection.abort()
        with pytest.raises(RetryLater):
            await waiting


def test_facts_may_stand_behind_the_mail() -> None:
    """Exchange and others answer in an order of their own."""
    items = [
        (b"1 (BODY[] {3}", b"abc"),
        b' UID 7 INTERNALDATE " 8-mar-2026 10:00:00 +0300")',
        b"2 (FLAGS (\\Seen) UID 8)",
        (b'3 (UID 9 INTERNALDATE "08-Mar-2026 10:00:00 +0300" BODY[] {1}', b"x"),
        b")",
    ]
    found = dict(_bodies(items))
    assert {uid: raw for uid, (raw, _at) in found.items()} == {7: b"abc", 9: b"x"}
    assert {at.isoformat() for _raw, at in found.values() if at} == {"2026-03-08T10:00:00+03:00"}

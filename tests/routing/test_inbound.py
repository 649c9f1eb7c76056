"""The pipe in: once each, one dialog, in order, however events come."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from crm_core.dialogs.messages import (
    FileRef,
    InboundEdit,
    InboundEvent,
    InboundMessage,
    Kind,
    Sender,
)
from crm_core.kernel import clock, db
from routing.contracts import RawEvent
from routing.inbound.pipe import InboundPipe, replay
from tests import factories
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("opened")


class Source:
    """A channel account whose events are what the test says."""

    def __init__(self, pipe: InboundPipe, channel_id: int) -> None:
        self.events: dict[str, list[InboundEvent]] = {}
        self.intake = pipe.intake(channel_id, self.parse)

    def parse(self, body: dict[str, Any]) -> list[InboundEvent]:
        return self.events[body["key"]]

    async def send(self, key: str, *events: InboundEvent) -> bool:
        self.events[key] = list(events)
        return await self.intake.accept(RawEvent(key=key, body={"key": key}))


@pytest.fixture
def pipe() -> InboundPipe:
    return InboundPipe()


async def source(pipe: InboundPipe) -> Source:
    await factories.queue()
    return Source(pipe, await factories.channel())


async def count(table: str) -> int:
    found: int = await db.fetchval(f"SELECT count(*) FROM {table}")
    return found


async def test_first_message_makes_client_dialog_and_offer(pipe: InboundPipe) -> None:
    channel = await source(pipe)
    anna = await factories.employee()
    assert await channel.send("1", factories.message(text="Есть розы?"))
    dialog = await db.fetchrow("SELECT * FROM dialog")
    assert dialog is not None
    assert (dialog["state"], dialog["offered_to_id"]) == ("waiting", anna.id)
    assert await db.fetchval("SELECT load FROM employee WHERE id = $1", anna.id) == 1
    assert await db.fetchval("SELECT text FROM message") == "Есть розы?"
    assert await db.fetchval("SELECT name FROM client") == "Клиент c1"
    types = [row["type"] for row in await db.fetch("SELECT type FROM event ORDER BY id")]
    assert types[-3:] == ["DialogOpened", "DialogOffered", "MessageReceived"]


async def test_known_key_changes_nothing(pipe: InboundPipe) -> None:
    channel = await source(pipe)
    message = factories.message()
    assert await channel.send("1", message)
    assert not await channel.send("1", message)
    assert await channel.send("2", message), "another event key, the same message"
    assert await count("message") == 1
    assert await count("raw_event") == 2


async def test_hundred_at_once_make_one_dialog_per_chat(pipe: InboundPipe) -> None:
    channel = await source(pipe)
    other = Source(InboundPipe(), 1)
    sends = [
        (channel if n % 2 else other).send(f"k{n}", factories.message(chat=f"c{n % 5}"))
        for n in range(100)
    ]
    assert all(await asyncio.gather(*sends))
    assert await count("dialog") == await count("client") == await count("identity") == 5
    assert await count("message") == 100
    orphans = "SELECT count(*) FROM client c LEFT JOIN identity i ON i.client_id = c.id"
    assert await db.fetchval(f"{orphans} WHERE i.id IS NULL") == 0


async def test_unparsable_is_kept_and_replayed(pipe: InboundPipe) -> None:
    channel = await source(pipe)
    assert await channel.intake.accept(RawEvent(key="9", body={"key": "9"}))
    row = await db.fetchrow("SELECT state, error FROM raw_event")
    assert row is not None and row["state"] == "failed" and "KeyError" in row["error"]
    assert await replay(1, channel.parse) == (0, 1)
    channel.events["9"] = [factories.message(text="теперь понятно")]
    assert await replay(1, channel.parse) == (1, 0)
    assert await db.fetchval("SELECT text FROM message") == "теперь понятно"
    assert await replay(1, channel.parse) == (0, 0)


async def test_a_poisoned_event_hurts_only_itself(pipe: InboundPipe) -> None:
    channel = await source(pipe)
    bad = factories.message(chat="bad", files=(FileRef(kind=Kind.PHOTO, ref="x", size=2**70),))
    good = [factories.message(chat=f"g{n}") for n in range(10)]
    results = await asyncio.gather(
        *(channel.send(f"g{n}", one) for n, one in enumerate(good)), channel.send("bad", bad)
    )
    assert all(results)
    assert await count("message") == 10
    assert await db.fetchval("SELECT key FROM raw_event WHERE state = 'failed'") == "bad"


async def test_nul_characters_do_not_lose_a_message(pipe: InboundPipe) -> None:
    channel = await source(pipe)
    channel.events["1"] = [factories.message(text="a\0b")]
    assert await channel.intake.accept(RawEvent(key="1", body={"key": "1", "text": "a\0b"}))
    assert await db.fetchval("SELECT text FROM message") == "ab"
    assert await db.fetchval("SELECT state FROM raw_event") == "done"


async def test_album_is_one_message(pipe: InboundPipe) -> None:
    channel = await source(pipe)

    def piece(ref: str, text: str = "") -> InboundMessage:
        photo = FileRef(kind=Kind.PHOTO, ref=ref)
        return factories.message(kind=Kind.PHOTO, text=text, files=(photo,), album="77")

    first, *rest = [piece("1"), piece("2", "подпись"), piece("3")]
    await channel.send("a", first)
    await asyncio.gather(*(channel.send(f"b{n}", one) for n, one in enumerate(rest)))
    assert await count("message") == 1
    assert await db.fetchval("SELECT text FROM message") == "подпись"
    refs = await db.fetch("SELECT DISTINCT message_id FROM attachment")
    assert [row["message_id"] for row in refs] == [await db.fetchval("SELECT id FROM message")]
    assert await count("attachment") == 3
    assert await db.fetchval("SELECT count(DISTINCT message_id) FROM message_ref") == 1


async def test_late_edit_does_not_undo_a_newer_one(pipe: InboundPipe) -> None:
    channel = await source(pipe)
    message = factories.message(text="один")
    await channel.send("1", message)

    def edit(text: str, second: int) -> InboundEdit:
        at = message.at.replace(second=second, microsecond=0, minute=59)
        return InboundEdit(external_id=message.external_id, chat="c1", at=at, text=text)

    await channel.send("3", edit("три", 3))
    await channel.send("2", edit("два", 2))
    assert await db.fetchval("SELECT text FROM message") == "три"


async def test_a_client_who_writes_again_comes_to_their_manager(pipe: InboundPipe) -> None:
    channel = await source(pipe)
    await factories.employee("Борис")
    anna = await factories.employee("Анна")
    await channel.send("1", factories.message())
    await db.execute("UPDATE client SET manager_id = $1", anna.id)
    await db.execute("UPDATE dialog SET state = 'closed', offered_to_id = NULL")
    await channel.send("2", factories.message())
    row = await db.fetchrow("SELECT offered_to_id, reason FROM dialog WHERE state = 'waiting'")
    assert row is not None and row["offered_to_id"] == anna.id
    assert '"client_manager"' in row["reason"]


async def test_nobody_waits_for_somebody_who_went_home(pipe: InboundPipe) -> None:
    channel = await source(pipe)
    anna = await factories.employee("Анна")
    boris = await factories.employee("Борис")
    await channel.send("1", factories.message())
    await db.execute(
        "UPDATE dialog SET state = 'open', assignee_id = $1, offered_to_id = NULL", anna.id
    )
    await db.execute("UPDATE employee SET presence = 'off' WHERE id = $1", anna.id)
    await channel.send("2", factories.message())
    row = await db.fetchrow("SELECT state, offered_to_id, assignee_id FROM dialog")
    assert row is not None
    assert tuple(row.values()) == ("waiting", boris.id, None)


async def test_renamed_person_is_known_by_the_new_name(pipe: InboundPipe) -> None:
    channel = await source(pipe)
    await channel.send("1", factories.message())
    renamed = Sender(external_id="c1", name="Мария Петрова", username="masha")
    await channel.send("2", factories.message(sender=renamed))
    row = await db.fetchrow("SELECT name, username FROM identity")
    assert row is not None and tuple(row.values()) == ("Мария Петрова", "masha")


async def test_messages_stand_in_the_providers_order(pipe: InboundPipe) -> None:
    channel = await source(pipe)
    now = clock.now()
    late, early = (factories.message(text=text) for text in ("второе", "первое"))
    await channel.send("2", late)
    await channel.send("1", factories.message(text="первое", at=now.replace(year=now.year - 1)))
    del early
    rows = await db.fetch("SELECT text FROM message ORDER BY at, id")
    assert [row["text"] for row in rows] == ["первое", "второе"]


async def test_a_message_beside_a_merge_lands_at_the_kept_card(pipe: InboundPipe) -> None:
    channel = await source(pipe)
    await channel.send("1", factories.message())
    await db.execute("UPDATE dialog SET state = 'closed', offered_to_id = NULL")
    kept = await db.fetchval("INSERT INTO client (name) VALUES ('Та же Мария') RETURNING id")
    merge = await db.connect()
    try:
        # The merge has moved the identity and has not committed yet.
        await merge.execute("BEGIN")
        await merge.execute("UPDATE identity SET client_id = $1".replace("$1", str(kept)))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(channel.send("2", factories.message()))
            await eventually(_somebody_waits, what="the message to meet the merge")
            await merge.execute("COMMIT")
    finally:
        await merge.close()
    rows = await db.fetch("SELECT client_id FROM dialog WHERE state <> 'closed'")
    assert [row["client_id"] for row in rows] == [kept]
    last = await db.fetchval("SELECT client_id FROM message ORDER BY id DESC LIMIT 1")
    assert last == kept


async def _somebody_waits() -> bool:
    found: bool = await db.fetchval(
        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pid IN"
        " (SELECT pid FROM pg_stat_activity WHERE datname = current_database()))"
    )
    return found

"""The call log in a table: followed from where it was left, read with no right to write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from pydantic import ValidationError

from crm_core.accounts.commands import Settings
from crm_core.calls import connecting, queries
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM
from telephony.asterisk.following import Unreadable
from telephony.asterisk.table import TableReader
from telephony.asterisk.tracker import Tracker
from telephony.desk import PbxDesk
from tests.telephony.asterisk import tables

FULL = """
CREATE TABLE logs.calls (id bigserial, start timestamptz, answer timestamptz, "end" timestamptz,
  src text, dst text, channel text, dstchannel text, lastapp text, duration int, billsec int,
  disposition text, uniqueid text, linkedid text)
"""
ROW = """
INSERT INTO logs.calls (start, answer, "end", src, dst, channel, dstchannel, lastapp, duration,
  billsec, disposition, uniqueid, linkedid)
VALUES ($1, $2, $3, '+79161234567', '74950077', 'PJSIP/trunk-1', $4, 'Dial', 30, 20, 'ANSWERED',
  $5, $6)
"""
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(opened: str) -> AsyncIterator[PbxDesk]:
    await db.execute("CREATE SCHEMA logs")
    await db.execute(FULL)
    stored = Settings(config={})
    pbx_id = await connecting.add(SYSTEM, kind="asterisk", name="office", settings=stored)
    await db.execute("UPDATE pbx SET created_at = $1", NOON - timedelta(days=2))
    yield PbxDesk(pbx_id)
    await db.execute("DROP SCHEMA logs CASCADE")


def reader(dsn: str) -> TableReader:
    return TableReader(tables.config(dsn, cdr_table="logs.calls"))


async def call(unique: str, minutes: int, *, linked: str = "", phone: str = "101") -> None:
    """Ended so many minutes after noon."""
    ended = NOON + timedelta(minutes=minutes)
    begun, spoke = ended - timedelta(seconds=30), ended - timedelta(seconds=20)
    await db.execute(ROW, begun, spoke, ended, f"PJSIP/{phone}-{unique}", unique, linked or unique)


async def read(dsn: str, desk: PbxDesk, minutes: int) -> list[str]:
    """Keys of the calls that are known then."""
    with clock.frozen(NOON + timedelta(minutes=minutes)):
        while await reader(dsn).step(desk, Tracker()):
            pass
    return sorted(one.key for one in await queries.calls(queries.Filter(), limit=100))


async def test_it_is_read_on_from_where_it_was_left(opened: str, desk: PbxDesk) -> None:
    await call("a", 1)
    await call("b", 5)
    assert await read(opened, desk, 5) == ["a"], "the other one may not be whole yet"
    assert await read(opened, desk, 6) == ["a", "b"]
    await call("late", 6)  # written late, by a slow batch
    await call("c", 7)
    assert await read(opened, desk, 8) == ["a", "b", "c", "late"]
    found = next(one for one in await queries.calls(queries.Filter(), limit=9) if one.key == "a")
    assert (found.direction, found.number, found.outcome) == ("inbound", "+79161234567", "answered")
    assert found.talk_seconds == 20


async def test_rows_of_a_transferred_call_are_one_call(opened: str, desk: PbxDesk) -> None:
    await call("a", 1)
    await call("a2", 2, linked="a", phone="102")
    assert await read(opened, desk, 5) == ["a"]


async def test_it_can_not_write_there(opened: str, desk: PbxDesk) -> None:
    async with reader(opened)._connected() as link:
        setting = await link.fetchval("SHOW default_transaction_read_only")
    assert setting == "on"


@pytest.mark.parametrize(
    ("dsn", "table", "told"),
    [
        ("", "logs.nothing", "can't be read"),
        ("", "public.queue", "has no column billsec, calldate"),
        ("postgresql://pult:hush@127.0.0.1:1/cdr", "cdr", "can't be read"),
    ],
)
async def test_what_is_wrong_is_said_without_the_password(
    opened: str, desk: PbxDesk, dsn: str, table: str, told: str
) -> None:
    wrong = TableReader(tables.config(dsn or opened, cdr_table=table))
    with pytest.raises(Unreadable, match=told) as caught:
        await wrong.check()
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("table", ["cdr; DROP TABLE call", 'cdr"', "a.b.c", ""])
def test_a_table_is_a_name_and_nothing_else(table: str) -> None:
    with pytest.raises(ValidationError):
        tables.config("postgresql://x", cdr_table=table)

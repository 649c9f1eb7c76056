"""Thousands of events through a bad link and a PBX's own log: every call is there, once."""

from __future__ import annotations

import random
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crm_core.accounts.commands import Settings
from crm_core.calls import connecting, queries
from crm_core.calls.shapes import CallSeen
from crm_core.clients.rules import normalize_phone
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM
from telephony.asterisk.cdr import COLUMNS
from telephony.asterisk.config import Config
from telephony.asterisk.learning import WANTED
from telephony.asterisk.log import LogReader
from telephony.asterisk.parse import AmiEvent, parse, split
from telephony.asterisk.table import TableReader
from telephony.asterisk.tracker import Tracker
from telephony.desk import PbxDesk
from tests import scene
from tests.telephony.asterisk import tables
from tests.telephony.asterisk.replay import NAMES, RECORDINGS, living, moment, play

pytestmark = pytest.mark.usefixtures("opened")

ENOUGH = 10_000
HOUR = 3600
IDS = re.compile(r"\b(pbx-\d+\.\d+|c2c-\d+|spy-1)\b")
CHANNEL = re.compile(r"-[0-9a-f]{2}([0-9a-f]{6})(?![0-9a-f])")
BRIDGE = re.compile(r"(?<=BridgeUniqueid: )\S+")
STAMP = re.compile(r"(?<=Timestamp: )\d+\.\d+")
CLOCK = re.compile(r"(?<=Time: )\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
LOGGED = {
    "src": "Source",
    "dst": "Destination",
    "dcontext": "DestinationContext",
    "clid": "CallerID",
    "channel": "Channel",
    "dstchannel": "DestinationChannel",
    "lastapp": "LastApplication",
    "lastdata": "LastData",
    "start": "StartTime",
    "answer": "AnswerTime",
    "end": "EndTime",
    "duration": "Duration",
    "billsec": "BillableSeconds",
    "disposition": "Disposition",
    "amaflags": "AMAFlags",
    "uniqueid": "UniqueID",
}


Kept = Callable[[list[AmiEvent], str, Path], Awaitable[LogReader | TableReader]]


def copied(text: str, copy: int) -> str:
    """The same call again, hours later, under names of its own."""
    text = IDS.sub(rf"\1x{copy}", text)
    text = CHANNEL.sub(rf"-{copy:02x}\1", text)
    text = BRIDGE.sub(rf"\g<0>x{copy}", text)
    text = STAMP.sub(lambda found: f"{float(found[0]) + copy * HOUR:.6f}", text)
    return CLOCK.sub(lambda found: _later(found[0], copy), text)


def _later(text: str, copy: int) -> str:
    moment = datetime.fromisoformat(text) + timedelta(hours=copy)
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def day() -> list[list[AmiEvent]]:
    """Streams of recordings, one after the other, of ENOUGH events in all."""
    texts = [(RECORDINGS / name).read_bytes().decode() for name in NAMES if "/" not in name]
    found: list[list[AmiEvent]] = []
    copy, events = 0, 0
    while events < ENOUGH:
        copy += 1
        for text in texts:
            blocks = split(copied(text, copy))[0]
            stream = [one for one in map(parse, blocks) if one.get("Event") in WANTED]
            events += len(stream)
            found.append(stream)
    return found


def log_line(event: AmiEvent) -> str:
    fields = [event.get(LOGGED[column], "") if column in LOGGED else "" for column in COLUMNS]
    return ",".join('"' + field.replace('"', '""') + '"' for field in fields) + "\n"


async def worn(
    stream: list[AmiEvent], desk: PbxDesk, tracker: Tracker, dice: random.Random
) -> None:
    """The stream as a bad link brings it: doubled, in disorder, with a stretch missing."""
    late = sorted(stream, key=lambda event: moment(event) + dice.random() * 0.02)
    fate = dice.random()
    if fate < 0.15:
        return  # Pult was down all the while
    begin, end = len(late), len(late)
    if fate < 0.4 and len(late) > 2:
        begin, end = sorted(dice.sample(range(len(late) + 1), 2))
    for index, event in enumerate(late):
        if index == begin:
            at = max(map(moment, late[:end]), default=0.0) + 1e-6
            await desk.record(tracker.resync(living(stream, at), at))
        if not begin <= index < end:
            for _ in range(dice.choice((1, 1, 2))):
                tracker.feed(event, 0.0)
            if dice.random() < 0.1:
                await desk.record(tracker.changed())
    if begin < len(late) == end:
        at = max(map(moment, late)) + 1e-6
        await desk.record(tracker.resync([], at))
    await desk.record(tracker.changed())


async def in_a_file(rows: list[AmiEvent], _dsn: str, folder: Path) -> LogReader:
    log = folder / "Master.csv"
    log.write_text("".join(map(log_line, rows)))
    return LogReader(Config(host="pbx", secret="x", cdr_file=str(log)), "office")


async def in_a_table(rows: list[AmiEvent], dsn: str, _folder: Path) -> TableReader:
    await db.execute(tables.PLAIN)
    await tables.fill(rows)
    return TableReader(tables.config(dsn))


@pytest.mark.feature("TEL-02")
@pytest.mark.parametrize("kept", [in_a_file, in_a_table])
async def test_whatever_the_link_lost_the_log_brings_back(
    kept: Kept, opened: str, tmp_path: Path
) -> None:
    streams, dice = day(), random.Random(7)  # noqa: S311 - no secret
    whole: dict[str, CallSeen] = {}
    for stream in streams:
        whole |= {call.key: call for call in play(stream)}
    pbx_id = await connecting.add(
        SYSTEM, kind="asterisk", name="office", settings=Settings(config={})
    )
    await db.execute("UPDATE pbx SET created_at = '2020-01-01'")
    desk, tracker = PbxDesk(pbx_id), Tracker()
    for stream in streams:
        await worn(stream, desk, tracker, dice)
    rows = [one for each in streams for one in each if _is_row(one)]
    reader = await kept(rows, opened, tmp_path)
    last = max(call.started_at for call in whole.values())
    with clock.frozen(last + timedelta(hours=1)):
        while await reader.step(desk, Tracker()):
            pass
    await compare(whole)


def _is_row(event: AmiEvent) -> bool:
    return event["Event"] == "Cdr"


async def compare(whole: dict[str, CallSeen]) -> None:
    stored = {call.key: call for call in await queries.calls(queries.Filter(), limit=10**6)}
    parts = await db.fetch("SELECT key FROM call WHERE part_of IS NOT NULL")
    assert set(stored) | {row["key"] for row in parts} == set(whole)
    for key, call in stored.items():
        told = whole[key]
        number = normalize_phone(told.number or "")
        assert call.state == "ended", call
        assert (call.direction, call.number) == (told.direction, number), call
        assert (call.outcome == "answered") == (told.outcome == "answered"), (call, told)
        assert call.outcome != "unknown"
        assert abs((call.started_at - told.started_at).total_seconds()) < 10
    ends = await scene.events("CallEnded")
    assert len(ends) >= len(whole)
    answered = [call for call in whole.values() if call.outcome == "answered"]
    assert len(answered) > 100

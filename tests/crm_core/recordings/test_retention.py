"""Recordings leave when their time is over: row, files and all, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_core.files.store import store
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.errors import Forbidden, NotFound
from crm_core.recordings import queries, retention
from crm_core.recordings.commands import keep_for, listen
from crm_core.recordings.rules import Retention
from tests import scene
from tests.crm_core.recordings.scenes import keeper, phone, recorded, work
from tests.telephony.recordings.sounds import tone

pytestmark = pytest.mark.usefixtures("opened")


async def kept(folder: Path, key: str, hertz: float, **rest: Any) -> int:
    tone(folder / f"{key}.wav", (hertz, 1.0))
    call_id = await recorded(f"{key}.wav", key=key, **rest)
    await work(keeper(folder))
    return call_id


async def files(call_id: int) -> list[Path]:
    row = await db.fetchrow(
        "SELECT sha, original_sha FROM call_recording WHERE call_id = $1", call_id
    )
    return [store().path(sha) for sha in (row or {}).values() if sha]


async def test_without_a_rule_everything_stays(tmp_path: Path) -> None:
    call_id = await kept(tmp_path, "a", 700)
    with clock.frozen(clock.now() + timedelta(days=3650)):
        assert await retention.sweep() == 0
    assert all(path.exists() for path in await files(call_id))


async def test_by_age_and_queue(tmp_path: Path) -> None:
    await keep_for(SYSTEM, days=30)
    await keep_for(SYSTEM, days=90, queue="sales")
    plain = await kept(tmp_path, "a", 700)
    sales = await kept(tmp_path, "b", 900, queue="sales")
    gone = await files(plain)
    assert len(gone) == 2
    with clock.frozen(clock.now() + timedelta(days=29)):
        assert await retention.sweep() == 0
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert await retention.sweep() == 1
        assert await retention.sweep() == 0
    assert not any(path.exists() for path in gone)
    assert all(path.exists() for path in await files(sales))
    assert await db.fetchval("SELECT count(*) FROM stored_file") == 2
    assert await scene.events("RecordingRemoved") == ["RecordingRemoved"]
    anna = await phone("Анна", "102")
    await db.execute("UPDATE call SET employee_id = $1", anna.id)
    with pytest.raises(NotFound, match="its time was over"):
        await listen(anna, call_id=plain)


async def test_what_others_hold_stays(tmp_path: Path) -> None:
    """The same sound in two calls, and a recording that was sent to a client."""
    await keep_for(SYSTEM, days=30)
    old = await kept(tmp_path, "a", 700, started_at=clock.now() - timedelta(days=40))
    fresh = await kept(tmp_path, "b", 700)
    sent = await kept(tmp_path, "c", 900, started_at=clock.now() - timedelta(days=40))
    here = {path for one in (fresh, sent) for path in await files(one)}
    await db.execute(
        "INSERT INTO attachment (message_id, kind, name, mime, sha, state)"
        " SELECT 1, 'voice', 'call.ogg', 'audio/ogg', sha, 'stored' FROM call_recording"
        " WHERE call_id = $1",
        sent,
    )
    (attached,) = {path for path in await files(sent) if path.read_bytes()[:4] == b"OggS"}
    assert await retention.sweep() == 2
    assert {path for path in here if path.exists()} == {*await files(fresh), attached}
    assert await files(old) == []


async def test_interrupted_between_mark_and_removal(tmp_path: Path) -> None:
    await keep_for(SYSTEM, days=30)
    call_id = await kept(tmp_path, "a", 700, started_at=clock.now() - timedelta(days=40))
    gone = await files(call_id)
    await db.execute("UPDATE call_recording SET state = 'leaving'")
    gone[0].unlink()
    assert await retention.sweep() == 1
    assert not any(path.exists() for path in gone)
    found = await queries.recording_of(call_id)
    assert found is not None
    assert (found.state, found.sha) == ("removed", None)


async def test_only_administrators_set_it() -> None:
    anna = await phone("Анна", "102")
    with pytest.raises(Forbidden):
        await keep_for(anna, days=1)


def test_the_shortest_time_decides_where_to_look() -> None:
    assert Retention().shortest() is None
    assert Retention(days=30, queues={"vip": 0, "spam": 7}).shortest() == 7
    assert Retention(days=30, queues={"vip": 0}).days_of("vip") == 0

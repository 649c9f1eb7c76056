"""From the PBX into the store: whole files only, once, with retries, a word when there is none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crm_core.files.store import store
from crm_core.kernel import clock, db
from crm_core.recordings import queries
from tests import scene
from tests.crm_core.recordings.scenes import keeper, recorded, work
from tests.telephony.recordings.sounds import samples_of, strength, tone

pytestmark = pytest.mark.usefixtures("opened")


async def test_original_and_copy_are_kept_with_length_and_picture(tmp_path: Path) -> None:
    source = tone(tmp_path / "2026/11/21/in-1.wav", (700, 2.0), (0, 1.0))
    call_id = await recorded("2026/11/21/in-1.wav")
    await work(keeper(tmp_path))
    row = await db.fetchrow("SELECT * FROM call_recording WHERE call_id = $1", call_id)
    assert row is not None
    assert (row["state"], row["duration_ms"]) == ("stored", 3000)
    assert store().path(row["original_sha"]).read_bytes() == source.read_bytes()
    samples, rate = samples_of(store().path(row["sha"]))
    assert strength(samples[:rate], 700) > 9_000
    found = await queries.recording_of(call_id)
    assert found is not None
    assert (found.seconds, found.bars[10] > 30, found.bars[-5]) == (3, True, 0)
    assert await scene.events("RecordingStored") == ["RecordingStored"]
    assert await db.fetchval("SELECT count(*) FROM stored_file") == 2


async def test_a_growing_file_is_waited_for(tmp_path: Path) -> None:
    whole = tone(tmp_path / "whole.wav", (700, 4.0)).read_bytes()
    growing = tmp_path / "a.wav"
    growing.write_bytes(whole[: len(whole) // 2])
    call_id = await recorded("a.wav")
    one = keeper(tmp_path)
    await work(one, looks=1)
    growing.write_bytes(whole)
    await work(one, looks=1, after=2)
    found = await queries.recording_of(call_id)
    assert found is not None
    assert found.state == "pending", "it was longer than before: it may grow still"
    await work(one, looks=2, after=4)
    found = await queries.recording_of(call_id)
    assert found is not None
    assert (found.state, found.duration_ms) == ("stored", 4000)


async def test_a_file_that_comes_late_is_found(tmp_path: Path) -> None:
    """A network folder shows files with a delay."""
    call_id = await recorded("late.wav")
    one = keeper(tmp_path)
    await work(one, looks=2)
    tone(tmp_path / "late.wav", (700, 1.0))
    await work(one, looks=2, after=60)
    found = await queries.recording_of(call_id)
    assert found is not None
    assert found.state == "stored"


async def test_what_never_comes_is_said_in_the_end(tmp_path: Path) -> None:
    call_id = await recorded("never.wav")
    one, now = keeper(tmp_path), clock.now()
    for minute in range(1, 60):
        with clock.frozen(now + timedelta(minutes=minute)):
            await one.step()
    found = await queries.recording_of(call_id)
    assert found is not None
    assert (found.state, found.reason) == ("unavailable", "the PBX does not have the file")
    assert await scene.events("RecordingUnavailable") == ["RecordingUnavailable"]


@pytest.mark.parametrize("content", [b"not sound", b""])
async def test_what_is_no_sound_is_said_at_once(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.wav").write_bytes(content)
    call_id = await recorded("bad.wav")
    await work(keeper(tmp_path))
    found = await queries.recording_of(call_id)
    assert found is not None
    assert (found.state, found.reason) == ("unavailable", "there is no sound in the file")


async def test_calls_in_which_nobody_spoke_expect_nothing(tmp_path: Path) -> None:
    call_id = await recorded("a.wav", outcome="missed", talk_seconds=0.0, answered_at=None)
    assert await queries.recording_of(call_id) is None


async def test_told_twice_it_is_fetched_once(tmp_path: Path) -> None:
    tone(tmp_path / "a.wav", (700, 1.0))
    await recorded("a.wav")
    await recorded("a.wav")
    await work(keeper(tmp_path), looks=4)
    assert await scene.events("RecordingStored") == ["RecordingStored"]


async def test_a_worker_that_died_leaves_it_to_the_next(tmp_path: Path) -> None:
    tone(tmp_path / "a.wav", (700, 1.0))
    call_id = await recorded("a.wav")
    now = clock.now()
    with clock.frozen(now + timedelta(seconds=2)):
        await db.execute("UPDATE call_recording SET next_at = $1", now + timedelta(minutes=15))
    with clock.frozen(now + timedelta(minutes=16)):
        await keeper(tmp_path).step()
    with clock.frozen(now + timedelta(minutes=17)):
        await keeper(tmp_path).step()
    found = await queries.recording_of(call_id)
    assert found is not None
    assert found.state == "stored"

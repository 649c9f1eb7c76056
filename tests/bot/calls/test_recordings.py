"""The recording of a call in the bot: played as a voice message, by right, every time noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_core.files.store import store
from crm_core.kernel import db
from crm_core.kernel.actors import Role
from sandbox.botapi.press import press_data
from tests.bot.calls.scenes import client, incoming, phone, popped, pops
from tests.bot.clients.scenes import press
from tests.bot.rig import Rig, labels, ru
from tests.crm_core.recordings.scenes import keeper, work
from tests.telephony.recordings.sounds import samples_of, strength, tone


async def _talked(rig: Rig, folder: Path, name: str = "in-1.wav") -> None:
    """A call of ten seconds, whose recording lies in the folder."""
    tone(folder / name, (700, 2.0))
    line = await incoming("101", recording=name)
    await line.answer("101")
    await line.hang_up(seconds=10)
    await rig.settled()


@pytest.mark.feature("TEL-05")
async def test_attached_played_by_right_and_every_time_is_noted(rig: Rig, tmp_path: Path) -> None:
    """The very sound, for whoever spoke and for heads; others are refused; an audit row each."""
    anna, boris = await phone(rig, "Анна", "101"), await phone(rig, "Борис", "102")
    head = await phone(rig, "Вера", "105", role=Role.HEAD)
    await client()
    await _talked(rig, tmp_path)
    card = pops(anna)[-1]
    assert "🎧 Запись ещё в пути" in card.text
    await work(keeper(tmp_path))
    await rig.settled()
    assert "🎧 Запись 0:02" in card.text
    await press(anna, "🎧 Прослушать", card)
    voice = anna.received()[-1]
    assert voice.content["voice"]["duration"] == 2
    assert voice.text.startswith("🎧 Пётр Иванов · сегодня")
    sent = rig.world.files.get(voice.content["voice"]["file_unique_id"]).data
    kept = store().path(await db.fetchval("SELECT sha FROM call_recording"))
    assert sent == kept.read_bytes()
    samples, rate = samples_of(kept)
    assert strength(samples[:rate], 700) > 9_000
    call_id = await db.fetchval("SELECT id FROM call")
    await press_data(head, head.received()[0], f"t:play:{call_id}:").answer()
    refused = await press_data(boris, boris.received()[0], f"t:play:{call_id}:").answer()
    assert refused["text"] == ru(
        "Only those who spoke, the client's manager and heads may hear this call."
    )
    await rig.settled()
    heard = await db.fetch("SELECT employee_id FROM recording_access ORDER BY id")
    assert [row["employee_id"] for row in heard] == [
        (await rig.actor(anna)).id,
        (await rig.actor(head)).id,
    ]
    noted = await db.fetch("SELECT actor FROM event WHERE type = 'RecordingPlayed' ORDER BY id")
    assert [row["actor"] for row in noted] == [
        (await rig.actor(anna)).key,
        (await rig.actor(head)).key,
    ]


async def test_a_missing_one_says_so_and_is_looked_for_again(rig: Rig, tmp_path: Path) -> None:
    anna = await phone(rig, "Анна", "101")
    await client()
    await _talked(rig, tmp_path)
    (tmp_path / "in-1.wav").rename(tmp_path / "away.wav")
    one = keeper(tmp_path)
    await db.execute("UPDATE call_recording SET attempts = 9")
    await work(one, looks=1)
    card = await popped(rig, anna)
    assert "⚠️ Записи нет: на АТС этого файла нет" in card.text
    (tmp_path / "away.wav").rename(tmp_path / "in-1.wav")
    await press(anna, "🔎 Поискать ещё раз", card)
    await work(one)
    await rig.settled()
    assert "🎧 Прослушать" in labels(card)


async def test_a_file_lost_from_the_store_says_so(rig: Rig, tmp_path: Path) -> None:
    anna = await phone(rig, "Анна", "101")
    await client()
    await _talked(rig, tmp_path)
    await work(keeper(tmp_path))
    card = await popped(rig, anna)
    store().path(await db.fetchval("SELECT sha FROM call_recording")).unlink()
    answer = await press(anna, "🎧 Прослушать", card)
    assert answer["text"] == ru(
        "The file of this recording is missing in the store: restore it from a backup."
    )

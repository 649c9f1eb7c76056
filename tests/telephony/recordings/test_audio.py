"""Conversion for phones: the same sound, the right length, a true picture."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import pytest

from telephony.recordings.audio import convert
from telephony.recordings.wave import BadSound, bars
from tests.telephony.recordings.sounds import RATE, samples_of, strength, tone


def test_tones_arrive_as_they_were(tmp_path: Path) -> None:
    source = tone(tmp_path / "call.wav", (700, 1.0), (0, 1.0), (1300, 1.0))
    target = tmp_path / "call.ogg"
    sound = convert(source, target)
    assert target.read_bytes()[:4] == b"OggS"
    assert sound.duration_ms == 3000
    samples, rate = samples_of(target)
    assert abs(len(samples) / rate - 3.0) < 0.1
    first, quiet, last = samples[:RATE], samples[RATE + 800 : 2 * RATE], samples[2 * RATE + 800 :]
    assert strength(first, 700) > 9_000
    assert strength(first, 1300) < 500
    assert strength(last, 1300) > 9_000
    assert max(quiet) < 1_000
    third = len(sound.bars) // 3
    assert min(sound.bars[2 : third - 2]) > 30
    assert max(sound.bars[third + 2 : 2 * third - 2]) <= 1


def test_two_sides_of_a_call_become_one_track(tmp_path: Path) -> None:
    source = tmp_path / "stereo.wav"
    one, _ = samples_of(tone(tmp_path / "left.wav", (700, 0.5)))
    other, _ = samples_of(tone(tmp_path / "right.wav", (1300, 0.5)))
    with wave.open(str(source), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for pair in zip(one, other, strict=True):
            file.writeframesraw(
                b"".join(value.to_bytes(2, "little", signed=True) for value in pair)
            )
    convert(source, tmp_path / "mono.ogg")
    with av.open(str(tmp_path / "mono.ogg")) as made:
        assert made.streams.audio[0].codec_context.layout.nb_channels == 1
    samples, _ = samples_of(tmp_path / "mono.ogg")
    assert strength(samples, 700) > 3_000
    assert strength(samples, 1300) > 3_000


@pytest.mark.parametrize("content", [b"", b"no sound at all", b"RIFF\0\0\0\0WAVE"])
def test_what_is_no_sound_is_refused(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "bad.wav"
    source.write_bytes(content)
    with pytest.raises(BadSound):
        convert(source, tmp_path / "bad.ogg")


def test_a_header_without_sound_is_refused(tmp_path: Path) -> None:
    """What a PBX leaves of a call nobody answered."""
    with pytest.raises(BadSound):
        convert(tone(tmp_path / "missed.wav"), tmp_path / "missed.ogg")


def test_bars_never_outnumber_pieces_and_keep_the_loudest() -> None:
    assert bars([]) == []
    assert bars([16384, 32768]) == [50, 100]
    drawn = bars([0] * 999 + [32768] + [0] * 1000, count=10)
    assert len(drawn) == 10
    assert drawn.count(100) == 1

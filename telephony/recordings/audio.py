"""The only user of PyAV: any sound file into Ogg/Opus that every phone plays. Blocking."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.error import FFmpegError

from telephony.recordings.wave import BadSound, Sound, bars

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

MIME = "audio/ogg"
# Speech from a telephone line: nothing is lost that was there.
RATE, BIT_RATE = 16_000, 24_000
OPTIONS = {"application": "voip", "vbr": "on"}


def convert(source: Path, target: Path) -> Sound:
    """Write `source` (WAV, MP3, GSM, …) into `target` as mono Opus; raises BadSound.

    Memory stays the same for calls of any length.
    """
    loudest: list[int] = []
    try:
        with av.open(str(source)) as found, av.open(str(target), "w", format="ogg") as made:
            stream = made.add_stream("libopus", rate=RATE, layout="mono", options=OPTIONS)
            stream.bit_rate = BIT_RATE
            samples = 0
            for frame in _frames(found):
                samples += frame.samples
                loudest.append(_loudest(frame))
                made.mux(stream.encode(frame))
            made.mux(stream.encode(None))
    except (FFmpegError, IndexError, ValueError) as error:
        raise BadSound(str(error)) from error
    if not samples:
        raise BadSound("silent")
    return Sound(samples * 1000 // RATE, bars(loudest))


def _frames(found: InputContainer) -> Iterator[AudioFrame]:
    """The first sound track in pieces of 20 ms."""
    track: AudioStream = found.streams.audio[0]
    shape = av.AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=RATE // 50)
    for frame in found.decode(track):
        yield from shape.resample(frame)
    yield from shape.resample(None)


def _loudest(frame: AudioFrame) -> int:
    values = array("h", bytes(frame.planes[0])[: frame.samples * 2])
    return max(map(abs, values), default=0)

"""Sound as machines want it: 16-bit samples of a given rate, from a stream or from any file."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

SAMPLE = 2  # bytes


class Resampler:
    """A stream of 16-bit mono sound from one rate to another."""

    def __init__(self, rate: int, to: int) -> None:
        self._rate, self._same = rate, rate == to
        self._av = AudioResampler(format="s16", layout="mono", rate=to)

    def feed(self, pcm: bytes) -> bytes:
        if self._same or not pcm:
            return pcm
        frame = AudioFrame(format="s16", layout="mono", samples=len(pcm) // SAMPLE)
        frame.sample_rate = self._rate
        frame.planes[0].update(pcm)
        return _joined(self._av.resample(frame))

    def rest(self) -> bytes:
        """What the filter still holds; the stream is over."""
        return b"" if self._same else _joined(self._av.resample(None))


def decoded(source: Path | bytes, rate: int) -> bytes:
    """A whole file (OGG/Opus, WAV, MP3 …) as 16-bit mono; ValueError when it is no sound.

    Blocking: use it in a thread.
    """
    resampler = AudioResampler(format="s16", layout="mono", rate=rate)
    try:
        with av.open(
            io.BytesIO(source) if isinstance(source, bytes) else str(source), "r"
        ) as container:
            parts = [_joined(resampler.resample(one)) for one in container.decode(audio=0)]
    except (av.FFmpegError, IndexError) as error:
        message = f"not a sound: {error}"
        raise ValueError(message) from None
    return b"".join((*parts, _joined(resampler.resample(None))))


def _joined(frames: list[AudioFrame]) -> bytes:
    return b"".join(bytes(one.planes[0])[: one.samples * SAMPLE] for one in frames)


def stereo(left: bytes, right: bytes, rate: int) -> bytes:
    """A WAV of two mono sounds side by side; the shorter one ends in silence."""
    length = max(len(left), len(right)) // SAMPLE * SAMPLE
    mixed = bytearray(length * 2)
    for place, side in ((0, left), (SAMPLE, right)):
        whole = side[:length].ljust(length, b"\0")
        for byte in range(SAMPLE):
            mixed[place + byte :: SAMPLE * 2] = whole[byte::SAMPLE]
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(SAMPLE)
        file.setframerate(rate)
        file.writeframes(bytes(mixed))
    return out.getvalue()

"""Sound files made by calculation, and a look at what is in a sound file."""

from __future__ import annotations

import math
import wave
from array import array
from pathlib import Path

import av

RATE = 8000


def tone(path: Path, *pieces: tuple[float, float], rate: int = RATE, loud: int = 12_000) -> Path:
    """A telephone-line WAV: (hertz, seconds) one after another; 0 Hz is silence."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = array("h")
    for hertz, seconds in pieces:
        turn = 2 * math.pi * hertz / rate
        samples.extend(
            round(loud * math.sin(turn * number)) for number in range(round(seconds * rate))
        )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def samples_of(path: Path) -> tuple[array[int], int]:
    """(samples, rate) of any sound file."""
    found = array("h")
    shape = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(path)) as file:
        for frame in file.decode(audio=0):
            for piece in shape.resample(frame):
                found.extend(array("h", bytes(piece.planes[0])[: piece.samples * 2]))
    return found, RATE


def strength(samples: array[int], hertz: float, rate: int = RATE) -> float:
    """How loud one frequency is in the samples (amplitude)."""
    turn = 2 * math.pi * hertz / rate
    real = sum(value * math.cos(turn * number) for number, value in enumerate(samples))
    imaginary = sum(value * math.sin(turn * number) for number, value in enumerate(samples))
    return 2 * math.hypot(real, imaginary) / max(len(samples), 1)

"""Lines people say on the phone, spoken by espeak-ng; a hum where there is none."""

from __future__ import annotations

import array
import math
import subprocess
from pathlib import Path

from sandbox.asterisk.place import home
from sandbox.asterisk.voice import RATE, ulaw

HUM_SECONDS_A_LETTER = 0.06


def spoken(text: str, *, language: str, pitch: int = 50) -> bytes:
    """Mu-law at 8 kHz; blocking (some 100 ms a line)."""
    program = home() / "bin" / "espeak-ng"
    return _spoken(program, text, language, pitch) if program.exists() else _hummed(text, pitch)


def _spoken(program: Path, text: str, language: str, pitch: int) -> bytes:
    done = subprocess.run(  # noqa: S603 - our own line
        (str(program), "-v", language, "-p", str(pitch), "-s", "150", "--stdout", text),
        capture_output=True,
        check=True,
    )
    # A WAV of 44 bytes and 16-bit samples at 22050 Hz; its lengths are not filled in.
    body = done.stdout[44:]
    samples = array.array("h", body[: len(body) // 2 * 2])
    return ulaw(_slower(samples, 22_050))


def _slower(samples: array.array[int], rate: int) -> list[int]:
    """At 8 kHz: each sample the mean of those it stands for."""
    step = rate / RATE
    found = []
    for at in range(int(len(samples) / step)):
        piece = samples[int(at * step) : int((at + 1) * step)]
        found.append(sum(piece) // len(piece))
    return found


def _hummed(text: str, pitch: int) -> bytes:
    turn = 2 * math.pi * (150 + 6 * pitch) / RATE
    count = round(len(text) * HUM_SECONDS_A_LETTER * RATE)
    return ulaw(round(8_000 * math.sin(turn * at)) for at in range(count))

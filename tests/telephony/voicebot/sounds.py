"""Sounds for calls: tones and how loud one is, speech, G.711 mu-law (ITU-T G.711, tables)."""

from __future__ import annotations

import array
import math
import subprocess
from functools import cache

from crm_core.files.sound import decoded

RATE = 8000


def _expanded(code: int) -> int:
    code = ~code & 0xFF
    value = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return -value if code & 0x80 else value


EXPANDED = array.array("h", map(_expanded, range(256)))


@cache
def _compressed() -> bytes:
    """Code of each sample >> 2, the nearest expanded value."""
    order = sorted(range(256), key=lambda code: EXPANDED[code])
    table, place = bytearray(1 << 14), 0
    for step in range(1 << 14):
        sample = (step - (1 << 13)) * 4
        while place < 255 and abs(EXPANDED[order[place + 1]] - sample) <= abs(
            EXPANDED[order[place]] - sample
        ):
            place += 1
        table[step] = order[place]
    return bytes(table)


def to_ulaw(pcm: bytes) -> bytes:
    table = _compressed()
    return bytes(table[(sample >> 2) + (1 << 13)] for sample in array.array("h", pcm))


def from_ulaw(codes: bytes) -> bytes:
    return array.array("h", (EXPANDED[code] for code in codes)).tobytes()


def tone(hertz: float, seconds: float) -> bytes:
    count = int(RATE * seconds)
    step = 2 * math.pi * hertz / RATE
    return array.array("h", (int(8000 * math.sin(step * i)) for i in range(count))).tobytes()


def level(pcm: bytes, hertz: float) -> float:
    """Amplitude of one frequency over the whole sound (Goertzel)."""
    samples = array.array("h", pcm[: len(pcm) // 2 * 2])
    if not samples:
        return 0.0
    factor = 2 * math.cos(2 * math.pi * hertz / RATE)
    one = two = 0.0
    for sample in samples:
        one, two = sample + factor * one - two, one
    power = one * one + two * two - factor * one * two
    return 2 * math.sqrt(max(power, 0.0)) / len(samples)


def loudness(pcm: bytes) -> float:
    """Root of the mean square."""
    samples = array.array("h", pcm[: len(pcm) // 2 * 2])
    return math.sqrt(sum(one * one for one in samples) / len(samples)) if samples else 0.0


@cache
def speech(text: str, voice: str = "ru") -> bytes:
    """Said by espeak-ng, with a short pause after it."""
    command = ("espeak-ng", "-v", voice, "--stdout", text)
    wav = subprocess.run(command, capture_output=True, check=True).stdout
    return bytes(1600) + decoded(wav, RATE) + bytes(1600)

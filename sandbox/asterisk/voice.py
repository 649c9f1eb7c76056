"""What a phone says: a tone or a recorded sound as G.711 over RTP, at the pace of speech."""

from __future__ import annotations

import asyncio
import math
import re
import struct
from collections.abc import Iterable

from sandbox.asterisk.phone import Leg

RATE, FRAME, PACE = 8000, 160, 0.02
SILENCE = b"\xff"


async def hum(leg: Leg, hertz: float, seconds: float) -> None:
    """Say a tone."""
    turn = 2 * math.pi * hertz / RATE
    await say(leg, (round(12_000 * math.sin(turn * at)) for at in range(round(seconds * RATE))))


async def say(leg: Leg, samples: Iterable[int]) -> None:
    """Say 16-bit samples (8 kHz) to the other side of this call, while it goes on."""
    await say_ulaw(leg, ulaw(samples))


async def say_ulaw(leg: Leg, sound: bytes) -> None:
    """Say what is mu-law already."""
    place = _place(leg.session)
    loop = asyncio.get_running_loop()
    start = loop.time()
    for number in range(-(-len(sound) // FRAME)):
        if leg.state != "up":
            return
        frame = sound[number * FRAME :][:FRAME].ljust(FRAME, SILENCE)
        leg.rtp = (leg.rtp + 1) & 0xFFFF
        head = struct.pack("!BBHII", 0x80, 0, leg.rtp, leg.rtp * FRAME, 0x5055)
        leg.phone.media.sendto(head + frame, place)
        await asyncio.sleep(max(start + (number + 1) * PACE - loop.time(), 0))


def _place(session: str) -> tuple[str, int]:
    line = re.search(r"c=IN IP4 (\S+)", session)
    port = re.search(r"m=audio (\d+)", session)
    if not (line and port):
        message = "the other side has not said where it listens"
        raise ValueError(message)
    return line[1], int(port[1])


def ulaw(samples: Iterable[int]) -> bytes:
    """16-bit samples as ITU-T G.711, mu-law."""
    return bytes(map(_ulaw, samples))


def _ulaw(sample: int) -> int:
    sign, value = (0x80, -sample) if sample < 0 else (0, sample)
    value = min(value, 32635) + 132
    exponent = value.bit_length() - 8
    return ~(sign | exponent << 4 | value >> exponent + 3 & 0x0F) & 0xFF

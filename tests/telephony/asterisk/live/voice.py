"""What a test phone says: a tone as G.711 over RTP."""

from __future__ import annotations

import asyncio
import math
import re
import socket
import struct

from tests.telephony.asterisk.phone import Leg

RATE, FRAME, PACE = 8000, 160, 0.02


async def hum(leg: Leg, hertz: float, seconds: float) -> None:
    """Send a tone to whoever called this phone, at the pace of speech."""
    assert leg.invite is not None
    line = re.search(r"c=IN IP4 (\S+)", leg.invite.body)
    port = re.search(r"m=audio (\d+)", leg.invite.body)
    assert line and port
    place = (line[1], int(port[1]))
    media: socket.socket = leg.phone._media
    loop = asyncio.get_running_loop()
    start = loop.time()
    for number in range(round(seconds / PACE)):
        head = struct.pack("!BBHII", 0x80, 0, number & 0xFFFF, number * FRAME, 0x5055)
        media.sendto(head + _tone(hertz, number * FRAME), place)
        await asyncio.sleep(max(start + (number + 1) * PACE - loop.time(), 0))


def _tone(hertz: float, first: int) -> bytes:
    turn = 2 * math.pi * hertz / RATE
    return bytes(_ulaw(round(12_000 * math.sin(turn * (first + place)))) for place in range(FRAME))


def _ulaw(sample: int) -> int:
    """ITU-T G.711, mu-law."""
    sign, value = (0x80, -sample) if sample < 0 else (0, sample)
    value = min(value, 32635) + 132
    exponent = value.bit_length() - 8
    return ~(sign | exponent << 4 | value >> exponent + 3 & 0x0F) & 0xFF

"""A call that comes to a voice bot and what is heard of it: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

RATE = 8000  # samples a second: 16-bit, little-endian, mono, in both directions
TICK = 0.02  # seconds
FRAME = 320  # bytes of one tick


class End(StrEnum):
    """Why a line is over: the caller hung up, we did, the caller was sent on, the peer is gone."""

    CALLER = "caller"
    BOT = "bot"
    MOVED = "moved"
    LOST = "lost"


class Reason(StrEnum):
    """Why the PBX gives the call to the bot."""

    BUSY = "busy"  # nobody is free: the queue is full or nobody answered in time
    CLOSED = "closed"  # after hours
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A call that rings at the bot.

    `id` is unique among all calls of a transport; `ref` is what the PBX calls it (Uniqueid), if
    told. `number` is the caller's as the PBX shows it ("" when hidden), `dialled` the one called.
    """

    id: str
    number: str = ""
    name: str = ""
    dialled: str = ""
    reason: Reason = Reason.ANY
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in a tick: any amount of sound (none when the peer sends none), digits pressed."""

    pcm: bytes = b""
    digits: str = ""

"""What a voice bot needs of a telephone line, whatever carries it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

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


class Line(Protocol):
    """One call. `end` is None while it lasts; after it every method does nothing."""

    @property
    def incoming(self) -> Incoming: ...

    @property
    def end(self) -> End | None: ...

    @property
    def playing(self) -> bool:
        """Whether something given to `play` is still to be spoken."""
        ...

    async def answer(self) -> None: ...

    def ticks(self) -> AsyncIterator[Heard]:
        """One item each 20 ms from the answer to the end of the call."""
        ...

    def play(self, pcm: bytes) -> None:
        """Speak this after what is being spoken; returns at once."""
        ...

    def hush(self) -> None:
        """Stop speaking now (the caller barged in)."""
        ...

    async def move(self, to: str) -> None:
        """Send the caller on to a number or queue of the PBX; the line ends with `MOVED`."""
        ...

    async def hang_up(self) -> None: ...


Answering = Callable[[Line], Awaitable[None]]


class Transport(Protocol):
    """Where lines come from; `ready` is set once calls can come."""

    ready: asyncio.Event

    async def serve(self, answering: Answering) -> None:
        """Give every call to `answering`, several at once, until cancelled.

        OSError or Refused when calls can't come (any more): make a new one then.
        """
        ...

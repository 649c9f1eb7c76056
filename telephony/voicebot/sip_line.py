"""A `Line` over a SIP call whose library works in threads."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Protocol

from telephony.voicebot.incoming import TICK, End, Heard, Incoming
from telephony.voicebot.jitter import Sound
from telephony.voicebot.pace import Pace

LOST = 30.0  # seconds without a packet after which the peer is gone
MOVING = 3.0  # seconds a PBX may take for a transfer before we leave by ourselves
TRIES = 5


class SipMedia(Protocol):
    """Sound of a call, both ways; `last` is when a packet came (monotonic)."""

    heard: Sound
    spoken: Sound
    last: float


class SipCall(Protocol):
    """What a line needs of a call; methods may block."""

    @property
    def over(self) -> bool: ...

    @property
    def talking(self) -> bool: ...

    @property
    def transferred(self) -> int:
        """The SIP status a transfer ended with; 0 while it is under way."""
        ...

    def get_dtmf(self, length: int = 1) -> str: ...

    def pick_up(self) -> None: ...

    def end(self) -> None: ...

    def refer(self, number: str) -> None: ...


class PhoneLine:
    """A `Line` over one SIP call."""

    def __init__(
        self, incoming: Incoming, call: SipCall, media: SipMedia, lost: float = LOST
    ) -> None:
        self.incoming = incoming
        self._call, self._media, self._lost = call, media, lost
        self._end: End | None = None
        # The library answers in a thread; nobody may hang up in the middle of it.
        self._deciding = asyncio.Lock()

    @property
    def end(self) -> End | None:
        if self._end is None and self._call.over:
            self._end = End.CALLER
        return self._end

    @property
    def playing(self) -> bool:
        return self.end is None and len(self._media.spoken) > 0

    async def answer(self) -> None:
        async with self._deciding:
            if self.end is None:
                await asyncio.to_thread(self._call.pick_up)
                self._media.last = time.monotonic()

    def play(self, pcm: bytes) -> None:
        if self.end is None:
            self._media.spoken.add(pcm)

    def hush(self) -> None:
        self._media.spoken.clear()

    async def ticks(self) -> AsyncIterator[Heard]:
        pace = Pace()
        while self.end is None:
            yield Heard(self._media.heard.take(), self._call.get_dtmf(100))
            await pace.wait()
            if time.monotonic() - self._media.last > self._lost:
                await self._bye(End.LOST)

    async def move(self, to: str) -> None:
        """REFER; the PBX takes the caller and lets us go."""
        async with self._deciding:
            if self.end is not None or not self._call.talking:
                return
            for _ in range(TRIES):
                await asyncio.to_thread(self._call.refer, to)
                if await self._moved():
                    break
                # Too early: the PBX has not joined us and the caller yet.
                await asyncio.sleep(MOVING / 10)
            await self._bye(End.MOVED)

    async def _moved(self) -> bool:
        """Whether the caller has gone on; a PBX that says nothing is believed."""
        for _ in range(int(MOVING / TICK)):
            status = self._call.transferred
            if self._call.over or status:
                return status < 300
            await asyncio.sleep(TICK)
        return True

    async def hang_up(self) -> None:
        async with self._deciding:
            await self._bye(End.BOT)

    async def _bye(self, end: End) -> None:
        if self._end is None:
            self._end = end
            await asyncio.to_thread(self._call.end)

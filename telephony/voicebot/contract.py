"""What a voice bot needs of a telephone line, whatever carries it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

from telephony.voicebot.incoming import End, Heard, Incoming


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

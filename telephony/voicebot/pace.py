"""Twenty milliseconds by the clock: a late tick is caught up with, a stopped process is not."""

from __future__ import annotations

import asyncio

from telephony.voicebot.incoming import TICK

LATE = 0.2  # seconds behind which the lost time is given up


class Pace:
    """`await wait()` returns every tick; without drift."""

    def __init__(self) -> None:
        self._now = asyncio.get_running_loop().time
        self._at = self._now()

    async def wait(self) -> None:
        self._at += TICK
        behind = self._now() - self._at
        if behind > LATE:
            self._at += behind
        await asyncio.sleep(max(0.0, -behind))

"""Reading on in a PBX's own log of calls, again and again, whatever it is kept in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)

# A call's rows are written within moments; what is younger may still get more.
SETTLED = timedelta(seconds=20)


class Unreadable(Exception):
    """The log can't be read; `str(error)` says why."""


class Watched(Protocol):
    def holds(self, key: str) -> bool: ...


async def follow(step: Callable[[], Awaitable[bool]], name: str, every: float) -> None:
    """Until cancelled; complains once about each fault. `step` says whether there may be more."""
    complained = ""
    while True:
        try:
            while await step():
                pass
            complained = ""
        except (OSError, Unreadable) as error:
            if str(error) != complained:
                complained = str(error)
                log.warning("call_log_unreadable", pbx=name, reason=complained)
        await asyncio.sleep(every)

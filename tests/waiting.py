"""Waiting for a condition instead of for time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(
    look: Callable[[], Awaitable[T]], *, timeout: float = 20.0, what: str = ""
) -> T:
    """The first truthy value `look` gives; AssertionError after `timeout` seconds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    while not (found := await look()):
        if loop.time() > deadline:
            message = f"waited {timeout} s in vain for {what or look}: last saw {found!r}"
            raise AssertionError(message)
        await asyncio.sleep(0.02)
    return found

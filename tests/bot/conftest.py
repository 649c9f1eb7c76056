"""The company at work, without topics (`rig`) and with them (`forum`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest_asyncio

from tests.bot.rig import Rig, build


@pytest_asyncio.fixture(loop_scope="session")
async def rig(opened: str) -> AsyncIterator[Rig]:
    """Dialogs are answered by replies."""
    async with AsyncExitStack() as stack:
        found = await build(stack, topics=False)
        yield found
    assert found.world.violations == []


@pytest_asyncio.fixture(loop_scope="session")
async def forum(opened: str) -> AsyncIterator[Rig]:
    """Every accepted dialog is a topic."""
    async with AsyncExitStack() as stack:
        found = await build(stack, topics=True)
        yield found
    assert found.world.violations == []

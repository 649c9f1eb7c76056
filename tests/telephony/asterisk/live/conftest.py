"""A company with a real Asterisk."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.telephony.asterisk.box import Box
from tests.telephony.asterisk.house import House, standing


@pytest_asyncio.fixture(loop_scope="session")
async def house(box: Box, opened: str) -> AsyncIterator[House]:
    async with standing(box) as found:
        yield found

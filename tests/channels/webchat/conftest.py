"""The shop of these tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.channels.webchat.site import Site, open_site


@pytest_asyncio.fixture(loop_scope="session")
async def site(opened: str) -> AsyncIterator[Site]:
    """A widget with default settings on an empty database."""
    async with open_site() as found:
        yield found

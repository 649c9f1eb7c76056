"""A transaction whose work is thrown away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from crm_core.kernel import db


class Undone(Exception):
    """Ends the transaction."""


@asynccontextmanager
async def undone() -> AsyncIterator[None]:
    with suppress(Undone):
        async with db.transaction():
            yield
            raise Undone

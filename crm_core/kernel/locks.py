"""Leadership between processes: session locks that vanish with their process."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress

from crm_core.kernel import db


def _number(name: str) -> int:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


class Locks:
    """Named locks of this process on one connection of its own.

    PostgreSQL frees them when the connection dies, however the process died. Then `lost` is set:
    whoever holds a lock must stop at once. A new connection has a new `lost`: look at it right
    after `acquire`.
    """

    def __init__(self) -> None:
        self.lost = asyncio.Event()
        self._connection: db.Connection | None = None
        self._busy = asyncio.Lock()

    async def open(self) -> None:
        self._connection = await db.connect()
        lost = self.lost = asyncio.Event()
        self._connection.add_termination_listener(lambda _: lost.set())

    async def close(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                await self._connection.close(timeout=1)

    async def acquire(self, name: str) -> bool:
        """Take the lock if it is free; taking it twice from here counts twice."""
        try:
            return bool(await self._ask("SELECT pg_try_advisory_lock($1)", name))
        except asyncio.CancelledError:
            # It may have been granted all the same, and nobody would know.
            with suppress(Exception):
                await self.release(name)
            raise

    async def release(self, name: str) -> None:
        await self._ask("SELECT pg_advisory_unlock($1)", name)

    async def _ask(self, sql: str, name: str) -> object:
        # Opened under the same lock: two connections would each hold some of the locks.
        async with self._busy:
            if self._connection is None or self._connection.is_closed():
                await self.close()
                await self.open()
            assert self._connection is not None  # noqa: S101 - opened above
            return await self._connection.fetchval(sql, _number(name))

"""Stopping a hub inside a given statement: the test holds a lock that the statement needs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from crm_core.kernel import db
from tests.faults.hubs import PATIENCE
from tests.waiting import eventually

WAITING = """
SELECT pid FROM pg_stat_activity
WHERE $1 = ANY(pg_blocking_pids(pid)) AND position($2 IN query) > 0
"""
END_WAITING = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))
"""


@dataclass
class Gate:
    """A transaction of the test's that holds locks."""

    connection: db.Connection
    pid: int

    async def hold(self, *statements: str) -> None:
        """Take locks, or hold rows: they are kept until the gate opens."""
        for statement in statements:
            await self.connection.execute(statement)

    async def reached(self, words: str) -> None:
        """Wait until a statement with these words stands before the gate."""

        async def look() -> bool:
            return bool(await db.fetch(WAITING, self.pid, words))

        await eventually(look, timeout=PATIENCE, what=f"{words!r} to stand before the gate")

    async def turn_away(self) -> None:
        """End the sessions that stand here: their process is dead, but they do not know it yet
        and would go on once the gate opens."""
        await db.fetch(END_WAITING, self.pid)


@asynccontextmanager
async def gate(*statements: str) -> AsyncIterator[Gate]:
    """Hold locks until left."""
    connection = await db.connect()
    try:
        async with connection.transaction():
            found = Gate(connection, connection.get_server_pid())
            await found.hold(*statements)
            yield found
    finally:
        await connection.close()


def writes_to(table: str) -> str:
    """Readers pass, writers stand."""
    return f"LOCK TABLE {table} IN EXCLUSIVE MODE"

"""The ground of a run: a folder, an embedded PostgreSQL of our own, databases on it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from app.postgres import EmbeddedPostgres
from bench import seed

# As in production but for room for the floor's own connections, and for the moment of each
# commit, by which we know when a notice was queued.
SETTINGS = {"max_connections": "120", "track_commit_timestamp": "on"}


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder that the server's user may walk through; gone afterwards."""
    found = Path(tempfile.mkdtemp(prefix="pult-bench-"))
    found.chmod(0o711)
    try:
        yield found
    finally:
        shutil.rmtree(found, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Ground:
    """A running server and a folder for everything else."""

    folder: Path
    dsn: str

    async def database(self, name: str) -> str:
        """A new migrated database; its DSN."""
        await self._execute(f'CREATE DATABASE "{name}"')
        dsn = self._dsn_of(name)
        await seed.migrate(dsn)
        return dsn

    def sub(self, name: str) -> Path:
        """A new folder for one hub."""
        found = self.folder / name
        found.mkdir()
        return found

    async def version(self) -> str:
        connection = await asyncpg.connect(self.dsn)
        try:
            return str(await connection.fetchval("SHOW server_version"))
        finally:
            await connection.close()

    def _dsn_of(self, name: str) -> str:
        return self.dsn.replace("/pult?", f"/{name}?")

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@asynccontextmanager
async def ground() -> AsyncIterator[Ground]:
    with folder() as found:
        async with EmbeddedPostgres(found / "pg", settings=SETTINGS) as server:
            yield Ground(found, server.dsn)

"""One private PostgreSQL for a whole test session, and databases on it by the dozen."""

import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest_asyncio

from app.postgres import EmbeddedPostgres

# Nothing of it has to survive a power cut.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "autovacuum_naptime": "60min",
    "logging_collector": "off",
}


class PgServer:
    """A running server. Its first database (`dsn`) is the model of the others: stay out of it."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._numbers = itertools.count(1)

    async def create_database(self, template: str | None = None) -> str:
        """Create one with pg_trgm only, or like `template` (a name or a DSN); returns its DSN."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        source = database_name(template or self.dsn)
        await self._execute(f'create database "{name}" template "{source}"')
        return self._dsn_of(name)

    async def drop_database(self, dsn: str) -> None:
        """Drop a database by its DSN, whoever is still connected."""
        await self._execute(f'drop database if exists "{database_name(dsn)}" with (force)')

    def _dsn_of(self, name: str) -> str:
        return self.dsn.replace("/pult?", f"/{name}?")

    async def _execute(self, statement: str) -> None:
        conn = await asyncpg.connect(self._dsn_of("postgres"))
        try:
            await conn.execute(statement)
        finally:
            await conn.close()


def database_name(dsn: str) -> str:
    """The database's name, of a DSN or of a bare name."""
    return urlsplit(dsn).path.lstrip("/")


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A short temporary folder that, as root, the server's user may walk through."""
    folder = Path(tempfile.mkdtemp(prefix="pult-test-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pg_server() -> AsyncIterator[PgServer]:
    """The session's server, in a folder of its own, with no port."""
    with open_folder() as folder:
        async with EmbeddedPostgres(folder, settings=FAST) as server:
            yield PgServer(server.dsn)

"""Is a server fit for Pult? The same questions to the embedded one and to `PULT_DATABASE_URL`."""

import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg

from app.postgres.binaries import OLDEST_MAJOR
from app.postgres.errors import PostgresRefused

_CONNECT_TIMEOUT = 10.0  # seconds


async def check_server(dsn: str) -> None:
    """Refuse a server that is too old, not UTF-8, or finds no Cyrillic by trigrams."""
    async with connection(dsn) as conn:
        major = conn.get_server_version().major
        if major < OLDEST_MAJOR:
            raise PostgresRefused(
                f"the server is PostgreSQL {major}: version {OLDEST_MAJOR} or newer is needed"
            )
        encoding = await conn.fetchval("show server_encoding")
        if encoding != "UTF8":
            raise PostgresRefused(
                f"the database is encoded in {encoding}: create it with `encoding 'UTF8'`"
            )
        await _ensure_trigrams(conn)
        if not await conn.fetchval("select cardinality(show_trgm('привет'))"):
            raise PostgresRefused(
                "the database's LC_CTYPE knows no Cyrillic letters, so search would find nothing:"
                " create it with `lc_ctype 'C.UTF-8' template template0`"
            )


async def ensure_database(dsn: str, name: str) -> None:
    """Create a database unless it exists; `dsn` is of another one on the same server."""
    async with connection(dsn) as conn:
        if not await conn.fetchval("select 1 from pg_database where datname = $1", name):
            await conn.execute(f'create database "{name}"')


@contextlib.asynccontextmanager
async def connection(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to use at once and close; one clear line when there is none to be had."""
    try:
        conn = await asyncpg.connect(dsn, timeout=_CONNECT_TIMEOUT)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise PostgresRefused(f"no connection to {_safe(dsn)}: {_reason(error)}") from error
    try:
        yield conn
    finally:
        await conn.close()


async def _ensure_trigrams(conn: asyncpg.Connection) -> None:
    if await conn.fetchval("select 1 from pg_extension where extname = 'pg_trgm'"):
        return
    if not await conn.fetchval("select 1 from pg_available_extensions where name = 'pg_trgm'"):
        raise PostgresRefused(
            "the server lacks the extension pg_trgm: install PostgreSQL's contrib package there"
        )
    try:
        await conn.execute("create extension if not exists pg_trgm")
    except asyncpg.UniqueViolationError:
        pass  # another process of ours was creating it just now
    except asyncpg.InsufficientPrivilegeError as error:
        raise PostgresRefused(
            "this user may not create the extension pg_trgm: have the database's owner run"
            " `create extension pg_trgm`"
        ) from error


def _safe(dsn: str) -> str:
    """The address without a password."""
    try:
        parts = urlsplit(dsn)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "PULT_DATABASE_URL"
    return f"{parts.hostname or 'the local socket'}{port}{parts.path}"


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {_CONNECT_TIMEOUT:.0f} s"
    return " ".join(str(error).split())

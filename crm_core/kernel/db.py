"""The one way to PostgreSQL: connection pool, transactions, raw statements.

Statements run on the transaction in force, or on a pooled connection outside of one. Tortoise
carries the transaction in a context variable; no task may be started inside a transaction.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import Any, TypeAlias, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.connection import get_connection, get_connections
from tortoise.transactions import in_transaction

Row: TypeAlias = Mapping[str, Any]
Connection: TypeAlias = asyncpg.Connection
T = TypeVar("T")

MODELS = (
    "crm_core.kernel.models",
    "crm_core.staff.models",
    "crm_core.accounts.models",
    "crm_core.clients.models",
    "crm_core.dialogs.models",
    "crm_core.duplicates.models",
    "crm_core.requests.models",
    "crm_core.undo.models",
    "crm_core.files.models",
    "crm_core.mailforms.models",
    "crm_core.outbox.models",
    "crm_core.calls.models",
    "crm_core.recordings.models",
    "crm_core.voicebots.models",
    "crm_core.catalogues.models",
    "crm_core.classification.models",
    "crm_core.fields.models",
    "crm_core.clients.standing.models",
    "crm_core.worktime.models",
)


class Away(ConnectionError):
    """The database could not be asked, or its answer was lost."""


# The server is away, starting, going or full: nothing is known about the statement's fate.
# `LOST` comes from nothing but the database, `AWAY` is all that its absence may look like.
LOST = (
    Away,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InternalClientError,
)
AWAY = (OSError, TimeoutError, *LOST)
# Two transactions stood in each other's way: this one was undone and may simply be repeated.
AGAIN = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)

_in_tx: ContextVar[bool] = ContextVar("in_tx", default=False)
_dsn: str = ""


def config(dsn: str, *, pool: int = 12) -> dict[str, Any]:
    """Tortoise configuration for a DSN: one app label, our pool settings."""
    credentials = _credentials(dsn)
    credentials |= {
        "minsize": 2,
        "maxsize": pool,
        "server_settings": {"timezone": "UTC"},
        "command_timeout": 60,
        "statement_cache_size": 400,
        "reset": _as_it_is,
    }
    return {
        "connections": {
            "default": {"engine": "tortoise.backends.asyncpg", "credentials": credentials}
        },
        "apps": {
            "crm": {
                "models": list(MODELS),
                "default_connection": "default",
                "migrations": "crm_core.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


async def _as_it_is(_connection: Connection) -> None:
    """Nothing of ours outlives a transaction in a pooled session: asyncpg's own reset would
    cost every statement a second round trip."""


def _credentials(dsn: str) -> dict[str, Any]:
    parts = urlsplit(dsn)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    found: dict[str, Any] = {
        "host": query.get("host") or parts.hostname or "localhost",
        "port": int(query.get("port") or parts.port or 5432),
        "user": unquote(parts.username or query.get("user") or "postgres"),
        "password": unquote(parts.password) if parts.password else query.get("password"),
        "database": unquote(parts.path.lstrip("/")) or "postgres",
    }
    if "sslmode" in query:
        found["ssl"] = query["sslmode"]
    return found


async def open_db(dsn: str, *, pool: int = 12) -> None:
    """Connect; once per process, before anything else runs on the loop."""
    global _dsn  # noqa: PLW0603 - one database per process
    _dsn = dsn
    # The global fallback lets code entered from plain threads and early tasks find the pool.
    await Tortoise.init(config=config(dsn, pool=pool), _enable_global_fallback=True)


async def close_db() -> None:
    await Tortoise.close_connections()


async def connect() -> asyncpg.Connection:
    """A connection of one's own, outside the pool: LISTEN, session locks, COPY."""
    return await asyncpg.connect(**_credentials(_dsn), server_settings={"timezone": "UTC"})


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Everything inside commits or nothing does; joins the transaction already in force."""
    if _in_tx.get():
        yield
        return
    # Not Tortoise's own context manager: when BEGIN fails or is cancelled, that one keeps the
    # connection and leaves it in force for the rest of the task.
    client = get_connection("default")
    async with _acquired() as connection:
        wrapper = TransactionWrapper(client)  # type: ignore[arg-type]  # ours is asyncpg's
        wrapper._connection = connection  # noqa: SLF001 - as Tortoise itself does
        carried, token = get_connections().set("default", wrapper), _in_tx.set(True)
        try:
            async with connection.transaction():
                yield
        finally:
            _in_tx.reset(token)
            get_connections().reset(carried)


async def atomically(act: Callable[[], Awaitable[T]]) -> T:
    """`act` in one transaction; from its beginning once more when it lost a deadlock."""
    if not _in_tx.get():
        for _ in range(2):
            with suppress(*AGAIN):
                async with transaction():
                    return await act()
    async with transaction():
        return await act()


@asynccontextmanager
async def searching() -> AsyncIterator[None]:
    """A transaction that plans every statement for the very values it is given.

    asyncpg prepares everything, and a plan made for any value walks through a whole table where
    a pattern asks for a few rows. Everything else gains: planning costs more than most of our
    statements themselves.
    """
    async with transaction():
        await execute("SET LOCAL plan_cache_mode = force_custom_plan")
        yield


@asynccontextmanager
async def savepoint() -> AsyncIterator[None]:
    """A part of a transaction that may fail alone; outside of one, a transaction."""
    async with in_transaction() if _in_tx.get() else transaction():
        yield


def in_force() -> bool:
    """Whether a transaction is in force here."""
    return _in_tx.get()


@asynccontextmanager
async def _acquired() -> AsyncIterator[Connection]:
    """One of the pool's; none to be had is `Away`, what is done with it is not looked at."""
    pooled = get_connection("default").acquire_connection()
    try:
        connection: Connection = await pooled.__aenter__()
    except AWAY as error:
        raise Away(str(error) or type(error).__name__) from error
    try:
        yield connection
    finally:
        await pooled.__aexit__(None, None, None)


@asynccontextmanager
async def _connection() -> AsyncIterator[Connection]:
    """The transaction's connection or one of the pool; a server that is gone is `Away`."""
    try:
        async with get_connection("default").acquire_connection() as connection:
            yield connection
    except AWAY as error:
        raise Away(str(error) or type(error).__name__) from error


async def fetch(sql: str, *args: Any) -> list[Row]:
    async with _connection() as connection:
        rows: list[Row] = await connection.fetch(sql, *args)
        return rows


async def fetchrow(sql: str, *args: Any) -> Row | None:
    async with _connection() as connection:
        row: Row | None = await connection.fetchrow(sql, *args)
        return row


async def fetchval(sql: str, *args: Any) -> Any:
    async with _connection() as connection:
        return await connection.fetchval(sql, *args)


async def execute(sql: str, *args: Any) -> int:
    """Run a statement; returns the number of rows it touched."""
    async with _connection() as connection:
        status: str = await connection.execute(sql, *args)
        tail = status.rsplit(" ", 1)[-1]
        return int(tail) if tail.isdigit() else 0


async def executemany(sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
    async with _connection() as connection:
        await connection.executemany(sql, rows)

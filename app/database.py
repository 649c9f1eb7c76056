"""The database of a process: a server by DSN, or the embedded one (started or joined)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import structlog

from app.postgres import EmbeddedPostgres, attach, check_server
from app.settings import Settings, secret_key
from channels.registry import capabilities as channel_capabilities
from crm_core.dialogs import capabilities
from crm_core.files.store import use_store
from crm_core.kernel import db, schema, secrets
from crm_core.kernel.errors import Refused

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Database:
    """Where it is; `server` only when this process runs it."""

    dsn: str
    server: EmbeddedPostgres | None = None

    async def keep_alive(self) -> None:
        """Start our own server again whenever it dies."""
        if self.server is None:
            return
        while await self.server.wait_died():
            log.error("postgres_died")
            await self.server.restart()


@asynccontextmanager
async def located(settings: Settings, *, own: bool = False) -> AsyncIterator[Database]:
    """A running database; with `own` an embedded one must be ours alone."""
    if settings.database_url:
        await check_server(settings.database_url)
        yield Database(settings.database_url)
        return
    if not own and (dsn := await attach(settings.data_dir)):
        yield Database(dsn)
        return
    async with EmbeddedPostgres(settings.data_dir, bin_dir=settings.pg_bin) as server:
        yield Database(server.dsn, server)


@asynccontextmanager
async def opened(
    settings: Settings,
    *,
    own: bool = False,
    migrated: bool = True,
    meanwhile: Callable[[], None] | None = None,
) -> AsyncIterator[Database]:
    """The kernel open on the database, with keys and files in place.

    The embedded database is brought up to date by itself; a server's schema is its admin's
    business (`pult migrate`) and is only checked. `meanwhile` is done in a thread while the
    server starts, and is over before anything else happens (slow imports).
    """
    secrets.use_key(secret_key(settings))
    use_store(settings.files_dir)
    capabilities.use(channel_capabilities)
    loading = asyncio.get_running_loop().run_in_executor(None, meanwhile or _nothing)
    async with located(settings, own=own) as database:
        await loading
        await db.open_db(database.dsn)
        try:
            if migrated:
                await _up_to_date(embedded=settings.database_url is None)
            yield database
        except (
            asyncpg.InvalidCatalogNameError,
            asyncpg.InvalidAuthorizationSpecificationError,
        ) as e:
            raise Refused("The database can't be used: %(error)s.", error=e) from None
        finally:
            await db.close_db()


def _nothing() -> None:
    """What is done meanwhile by default."""


async def _up_to_date(*, embedded: bool) -> None:
    if not embedded:
        await schema.require_current()
    elif await schema.missing():
        await schema.migrate()

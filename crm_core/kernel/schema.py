"""The schema's life: apply migrations, tell what is missing, find drift."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from crm_core.kernel import db
from crm_core.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tortoise.migrations.autodetector import MigrationAutodetector

# Any constant will do: it only has to be the same in every process of one database.
MIGRATION_LOCK = 0x50554C54


def _executor() -> MigrationExecutor:
    connection = get_connection("default")
    return MigrationExecutor(connection, {"crm": db.config("")["apps"]["crm"]})


@asynccontextmanager
async def _alone() -> AsyncIterator[None]:
    """Migrations of two processes wait for each other."""
    guard = await db.connect()
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        yield
    finally:
        await guard.close()


async def migrate(target: str = "__latest__") -> list[str]:
    """Bring the schema to `target` (forward or back); returns the names of applied steps."""
    async with _alone():
        await _require_trigrams()
        executor = _executor()
        goal = [MigrationTarget(app_label="crm", name=target)]
        plan = await executor.plan(goal)
        await executor.migrate(goal)
    return [step.migration.name for step in plan]


async def _require_trigrams() -> None:
    try:
        await db.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except asyncpg.PostgresError as error:
        message = (
            "The database needs the extension pg_trgm, and it can't be added: %(error)s."
            " Ask its administrator to run CREATE EXTENSION pg_trgm in it."
        )
        raise Refused(message, error=error) from error


async def missing() -> list[str]:
    """Names of migrations this database still lacks."""
    executor = _executor()
    try:
        plan = await executor.plan()
    except Exception as error:
        message = "The database schema can't be read: %(error)s."
        raise Refused(message, error=error) from error
    _refuse_newer(executor)
    return [step.migration.name for step in plan]


def _refuse_newer(executor: MigrationExecutor) -> None:
    loader = executor.loader
    if unknown := sorted(loader.applied_migrations - set(loader.disk_migrations)):
        raise Refused(
            "This database was used by a newer Pult (step %(name)s): update Pult.",
            name=unknown[0].name,
        )


async def require_current() -> None:
    """Refuse to work on a database whose schema is older than the code."""
    if names := await missing():
        raise Refused(
            "The database lacks %(count)s migrations (first: %(first)s). Run `./pult migrate`.",
            count=len(names),
            first=names[0],
        )


def autodetector() -> MigrationAutodetector:
    """Compares models with migrations; `.changes()` is empty when they agree."""
    from tortoise.migrations.autodetector import MigrationAutodetector  # noqa: PLC0415 - slow

    apps: Any = Tortoise.apps
    return MigrationAutodetector(apps, {"crm": db.config("")["apps"]["crm"]})

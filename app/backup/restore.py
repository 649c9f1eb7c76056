"""`pult restore`: check every byte of a backup, then take it back in one transaction."""

import asyncio
import os
import tempfile
from pathlib import Path

from app.backup import archive
from app.backup.errors import BackupRefused
from app.backup.load import load
from app.backup.manifest import DUMP, FILES, Manifest
from app.backup.programs import find_client
from app.postgres.check import check_server, connection

_EMPTY = """
    select not exists (
        select from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
          and not exists (
              select from pg_depend as d
              where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'))
"""


async def restore(
    dsn: str, files_dir: Path, in_file: Path, *, bin_dir: Path | None = None, force: bool = False
) -> Manifest:
    """Put database and files back; with `force` what the database held is dropped before.

    The database is changed in one transaction, after the whole backup proved sound. Files are
    only added. Raises BackupRefused.
    """
    await check_server(dsn)
    async with connection(dsn) as conn:
        server: int = conn.get_server_version().major
        if not force and not await conn.fetchval(_EMPTY):
            raise BackupRefused(
                "the database is not empty: restore into an empty one, or add --force to drop"
                " everything it holds"
            )
    client = await find_client(dsn, server, bin_dir)
    try:
        await asyncio.to_thread(files_dir.mkdir, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=files_dir) as work:
            manifest = await asyncio.to_thread(archive.read, in_file, Path(work))
            await load(client, Path(work, DUMP), server, clean=force)
            await asyncio.to_thread(_move, Path(work, FILES), files_dir)
        async with connection(dsn) as conn:
            await conn.execute("analyze")  # else the first questions are planned blindly
    except OSError as error:
        raise BackupRefused(f"{error.filename or files_dir}: {error.strerror}") from error
    return manifest


def _move(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, place)  # noqa: PTH105 - the same content may be there already

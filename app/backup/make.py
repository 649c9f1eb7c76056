"""`pult backup`: dump the database, then pack it with the files."""

import asyncio
import os
import re
import tempfile
import tomllib
from pathlib import Path

from app.backup import archive
from app.backup.errors import BackupRefused
from app.backup.manifest import DUMP, FILES, Manifest
from app.backup.programs import Client, find_client, last_line
from app.postgres.check import connection
from crm_core.kernel import clock

_CONTENT = re.compile(r"[0-9a-f]{64}")


async def backup(
    dsn: str, files_dir: Path, out_file: Path, *, bin_dir: Path | None = None
) -> Manifest:
    """Write one file, complete or not at all; what it replaces stays until then.

    The dump comes first: files never change, so later ones only add. Raises BackupRefused.
    """
    async with connection(dsn) as conn:
        version = str(await conn.fetchval("show server_version")).split()[0]
        major = conn.get_server_version().major
    client = await find_client(dsn, major, bin_dir)
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=out_file.parent) as work:
            dump = Path(work, DUMP)
            await _dump(client, dump)
            return await asyncio.to_thread(_pack, dump, files_dir, out_file, version)
    except OSError as error:
        where = error.filename or out_file
        raise BackupRefused(f"no backup was written: {where}: {error.strerror}") from error


async def _dump(client: Client, target: Path) -> None:
    what = ("--format=custom", "--no-owner", "--no-privileges", "--schema=public")
    arguments = (*what, "--no-password", f"--file={target}", f"--dbname={client.address}")
    none = asyncio.subprocess.DEVNULL
    async with client.run("pg_dump", *arguments, stdin=none, stdout=none) as process:
        _, complaints = await process.communicate()
    if process.returncode:
        raise BackupRefused(f"the database cannot be dumped: {last_line(complaints)}")


def _pack(dump: Path, files_dir: Path, out_file: Path, postgres: str) -> Manifest:
    sources = {DUMP: dump, **_files(files_dir)}
    manifest = Manifest(
        pult=_version(),
        postgres=postgres,
        created_at=clock.now(),
        members={name: archive.describe(path) for name, path in sources.items()},
    )
    packed = dump.with_name("backup.tar")
    archive.write(packed, manifest, sources)
    packed.chmod(0o600)
    os.replace(packed, out_file)  # noqa: PTH105 - the target may exist
    return manifest


def _files(folder: Path) -> dict[str, Path]:
    """All whole files by member name: those named by their checksum; others are arriving."""
    found = (path for path in sorted(folder.rglob("*")) if _CONTENT.fullmatch(path.name))
    return {f"{FILES}/{path.relative_to(folder).as_posix()}": path for path in found}


def _version() -> str:
    project = Path(__file__).resolve().parents[2] / "pyproject.toml"
    return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])

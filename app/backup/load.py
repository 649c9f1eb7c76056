"""A dump into a database: `pg_restore` writes SQL, one `psql` runs it as one transaction."""

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import cast

from app.backup.errors import BackupRefused
from app.backup.programs import Client, last_line

_CHUNK = 1 << 16
_CLEAN = b"""
    set lock_timeout = '3s';
    drop schema public cascade;
    create schema public;
    create extension if not exists pg_trgm;
"""
_SKIPPED = (b" SCHEMA - public ", b" COMMENT - SCHEMA public ")
_TOO_NEW = b"SET transaction_timeout = 0;"  # said by pg_restore, unknown to older servers
_KNOWN_SINCE = 17


async def load(client: Client, dump: Path, server: int, *, clean: bool) -> None:
    """Run the dump, all or nothing; `clean` drops what there was in the same transaction."""
    contents = dump.with_name("contents")
    contents.write_bytes(await _contents(client, dump))
    what = ("--no-owner", "--no-privileges", f"--use-list={contents}", "--file=-", str(dump))
    strictly = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    where = ("--no-password", f"--dbname={client.address}")
    async with (
        client.run("pg_restore", *what, stdin=DEVNULL, stdout=PIPE) as script,
        client.run("psql", *strictly, *where, stdin=PIPE, stdout=DEVNULL) as loader,
    ):
        async with asyncio.TaskGroup() as group:
            said = [group.create_task(_complaints(process)) for process in (loader, script)]
            await _pour(script, loader, clean=clean, old=server < _KNOWN_SINCE)
        if await loader.wait() or await script.wait():
            raise _refusal(b"".join(task.result() for task in said))


async def _contents(client: Client, dump: Path) -> bytes:
    async with client.run("pg_restore", "--list", str(dump), stdin=DEVNULL, stdout=PIPE) as process:
        listed, complaints = await process.communicate()
    if process.returncode:
        raise _refusal(complaints)
    lines = listed.splitlines(keepends=True)
    return b"".join(line for line in lines if not any(skip in line for skip in _SKIPPED))


async def _pour(script: Process, loader: Process, *, clean: bool, old: bool) -> None:
    """Copy the script; `psql` sees its end, and commits, only when the script is whole."""
    source, target = cast(StreamReader, script.stdout), cast(StreamWriter, loader.stdin)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        target.write((_CLEAN if clean else b"") + await _opening(source, old=old))
        while chunk := await source.read(_CHUNK):
            target.write(chunk)
            await target.drain()
        if await script.wait() == 0:
            target.close()
            await target.wait_closed()
            return
    for process in (script, loader):
        with contextlib.suppress(ProcessLookupError):
            process.kill()


async def _opening(script: StreamReader, *, old: bool) -> bytes:
    lines = []
    while line := await script.readline():
        if not (old and line.startswith(_TOO_NEW)):
            lines.append(line)
        if line.startswith(b"SET row_security"):
            break
    return b"".join(lines)


async def _complaints(process: Process) -> bytes:
    return await cast(StreamReader, process.stderr).read()


def _refusal(complaints: bytes) -> BackupRefused:
    if b"due to lock timeout" in complaints:
        return BackupRefused("the database is in use: stop Pult and restore again")
    return BackupRefused(f"the database cannot be restored: {last_line(complaints)}")

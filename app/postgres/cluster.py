"""Making a cluster, and what its version and its programs have to do with each other."""

import asyncio
import errno
import os
import shutil
from pathlib import Path

from app.postgres.binaries import Binaries
from app.postgres.errors import PostgresRefused
from app.postgres.home import Home
from app.postgres.owner import Owner, maker_of

USER = "pult"
_LEAST_FREE = 128 * 1024 * 1024  # bytes: an empty cluster takes 40 MB, its next WAL files 48

# pg_trgm reads lc_ctype and finds no Cyrillic letters under C, whatever the provider knows.
_LOCALE = ("--encoding=UTF8", "--locale=C", "--lc-collate=C", "--lc-ctype=C.UTF-8")
_PROVIDER = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
_PROVIDER_SINCE = 17


async def make_cluster(home: Home, binaries: Binaries, owner: Owner) -> None:
    """Run `initdb`; the cluster appears under its name only when it is whole."""
    maker, unfinished = maker_of(owner), home.path / "making"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    maker.give(unfinished)
    try:
        await _initdb(unfinished / "data", binaries, maker)
        owner.give_tree(unfinished)
        (unfinished / "data").rename(home.data)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def check_version(home: Home, binaries: Binaries) -> None:
    """Refuse programs of another major version than the one which made the cluster."""
    made_by = int((home.data / "PG_VERSION").read_text("utf-8").strip())
    if made_by > binaries.major:
        raise PostgresRefused(
            f"the database in {home.path} was made by PostgreSQL {made_by}, newer than the"
            f" {binaries.version} found in {binaries.folder}: upgrade Pult, or set PULT_PG_BIN to"
            f" the programs of version {made_by}"
        )
    if made_by < binaries.major:
        raise PostgresRefused(
            f"the database in {home.path} was made by PostgreSQL {made_by}, the programs in"
            f" {binaries.folder} are {binaries.version}: set PULT_PG_BIN to version {made_by}, run"
            " `pult backup`, and `pult restore` the file into an empty PULT_DATA_DIR"
        )


def check_space(home: Home) -> None:
    """Refuse to start a server that would soon stop for want of disk."""
    free = shutil.disk_usage(home.path).free
    if free < _LEAST_FREE:
        raise PostgresRefused(
            f"the disk is full: {free >> 20} MB are free for {home.path},"
            f" {_LEAST_FREE >> 20} MB are needed"
        )


def private_environment() -> dict[str, str]:
    """Nothing of ours leaks into the server: neither settings and secrets nor a locale."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def failure(home: Home, output: str) -> PostgresRefused:
    """One line out of what PostgreSQL's programs printed."""
    if os.strerror(errno.ENOSPC) in output:
        return PostgresRefused(f"the disk with {home.path} is full: make room and start again")
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line] or lines
    said = telling[-1][:300] if telling else "nothing"
    return PostgresRefused(f"PostgreSQL in {home.path} did not start; it said: {said}")


async def _initdb(data: Path, binaries: Binaries, maker: Owner) -> None:
    provider = _PROVIDER if binaries.major >= _PROVIDER_SINCE else ()
    access = ("--auth-local=trust", "--auth-host=reject")
    process = await asyncio.create_subprocess_exec(
        binaries.program("initdb"),
        *(f"--pgdata={data}", f"--username={USER}", *access, *_LOCALE, *provider),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd="/",
        env=private_environment(),
        start_new_session=True,
        **maker.spawn(),
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise failure(Home(data.parent.parent), output.decode(errors="replace"))

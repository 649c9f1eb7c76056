"""PostgreSQL's client programs: the right version of them, run without a password on show."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from app.backup.errors import BackupRefused
from app.postgres.binaries import find_folder, program_version
from app.postgres.errors import PostgresRefused

_NEEDED = ("pg_dump", "pg_restore", "psql")


@dataclass(frozen=True)
class Client:
    """A folder of client programs and the server they speak to."""

    folder: Path
    address: str
    environment: dict[str, str]

    @contextlib.asynccontextmanager
    async def run(
        self, program: str, *arguments: str, stdin: int, stdout: int
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        """A running program, killed when the caller leaves it early; its stderr is a pipe."""
        process = await asyncio.create_subprocess_exec(
            str(self.folder / program),
            *arguments,
            stdin=stdin,
            stdout=stdout,
            stderr=asyncio.subprocess.PIPE,
            env=self.environment,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def find_client(dsn: str, server: int, bin_dir: Path | None) -> Client:
    """Client programs at least as new as the server (its major version)."""
    found = []
    for folder in _folders(bin_dir):
        version = await program_version(folder / "pg_dump")
        if int(version.split(".", 1)[0]) >= server:
            address, password = split_password(dsn)
            secret = {"PGPASSWORD": password} if password else {}
            return Client(folder, address, {**os.environ, "LC_ALL": "C", **secret})
        found.append(f"{version} in {folder}")
    raise BackupRefused(
        f"the server is PostgreSQL {server}, and pg_dump is older ({', '.join(found) or 'none'}):"
        f" install the client programs of PostgreSQL {server} and set PULT_PG_BIN to their folder"
    )


def split_password(dsn: str) -> tuple[str, str]:
    """An address fit for a command line, and the password it came with."""
    parts = urlsplit(dsn)
    query = parse_qsl(parts.query, keep_blank_values=True)
    password = unquote(parts.password or "") or dict(query).get("password", "")
    user, host = parts.username, parts.netloc.rpartition("@")[2]
    rest = urlencode([pair for pair in query if pair[0] != "password"], quote_via=quote)
    netloc = f"{user}@{host}" if user is not None else host
    return urlunsplit(("postgresql", netloc, parts.path, rest, "")), password


def last_line(stderr: bytes) -> str:
    """The telling line of what a program complained about."""
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if "error:" in line or "ERROR:" in line] or lines
    return telling[0][:300] if telling else "no reason given"


def _folders(bin_dir: Path | None) -> list[Path]:
    on_path = shutil.which("pg_dump")
    folders = [Path(on_path).resolve().parent, Path(on_path).parent] if on_path else []
    if bin_dir is None:
        with contextlib.suppress(PostgresRefused):
            folders.insert(0, find_folder())
    else:
        folders = [bin_dir]
    return [folder for folder in folders if all((folder / name).exists() for name in _NEEDED)]

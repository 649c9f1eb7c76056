"""Where a cluster lives, and the lock by which one process owns it."""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.postgres.errors import PostgresRefused
from app.postgres.owner import name_of

_ROOT_BASE = Path("/var/lib")


@dataclass(frozen=True)
class Home:
    """A folder of ours. Only `data`, `run` and `log` inside belong to the server's user.

    As root nothing is ever written into a folder another user owns, so that the server's user
    can lead no write of root's astray.
    """

    path: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """The server's log, one file per day of the week."""
        return self.path / "log"

    @property
    def config(self) -> Path:
        """Our whole postgresql.conf, written anew at each start."""
        return self.path / "postgresql.conf"

    @property
    def lock(self) -> Path:
        """Held locked by the process that owns the cluster; holds its pid. Marks a home too."""
        return self.path / "owner.lock"

    @property
    def exists(self) -> bool:
        """True once a cluster has been made."""
        return (self.data / "PG_VERSION").exists()


def locate(data_dir: Path) -> Home:
    """Find the home of a data folder, or make one; refuse a folder that isn't ours."""
    with usable(data_dir):
        _make(data_dir)
        data_dir = data_dir.resolve()
        if (data_dir / "PG_VERSION").exists():
            raise PostgresRefused(
                f"{data_dir} is the data folder of another PostgreSQL: choose another PULT_DATA_DIR"
            )
        home = recorded(data_dir) or _new_home(data_dir)
        _check_home(home)
        return home


def recorded(data_dir: Path) -> Home | None:
    """The existing home of a data folder, if it has one."""
    record = data_dir / "postgres.home"
    if not record.exists():
        inside = Home(data_dir.resolve() / "postgres")
        return inside if inside.lock.exists() else None
    home = Home(Path(record.read_text("utf-8").strip()))
    if not home.lock.exists():
        raise PostgresRefused(
            f"the database of {data_dir} was kept in {home.path}, which is gone: bring it back, or"
            f" delete {record} to begin with an empty one"
        )
    return home


@contextlib.contextmanager
def usable(data_dir: Path) -> Iterator[None]:
    """Turn what the file system says about a data folder into a clear line."""
    try:
        yield
    except OSError as error:
        raise PostgresRefused(
            f"the data folder {data_dir} cannot be used ({error.strerror}: {error.filename}):"
            " put that right, or choose another PULT_DATA_DIR"
        ) from error


@contextlib.contextmanager
def locked(home: Home) -> Iterator[None]:
    """Own the home for as long as the context lasts; refuse when another process does."""
    with home.lock.open("r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PostgresRefused(
                f"the database in {home.path} is in use by another Pult (process"
                f" {file.read().strip() or 'unknown'}): stop that one first, or choose another"
                " PULT_DATA_DIR"
            ) from error
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def is_locked(home: Home) -> bool:
    """True while some process owns the home."""
    with home.lock.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def reachable(path: Path) -> bool:
    """True when any user of the machine may walk to this folder (and into it)."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.parents))


def _new_home(data_dir: Path) -> Home:
    home = Home(data_dir / "postgres")
    if os.geteuid() == 0 and not reachable(data_dir):
        return _new_home_elsewhere(data_dir)
    _make(home.path)
    if any(home.path.iterdir()) and not home.lock.exists():
        raise PostgresRefused(
            f"{home.path} is not empty and holds no database of Pult: choose another PULT_DATA_DIR"
        )
    home.lock.touch(mode=0o600)
    return home


def _new_home_elsewhere(data_dir: Path) -> Home:
    """Root's data folder is closed to the server's user, and stays closed: live in /var/lib."""
    home = Home(Path(tempfile.mkdtemp(prefix="pult-", dir=_ROOT_BASE)))
    home.path.chmod(0o711)
    home.lock.touch(mode=0o600)
    (home.path / "README").write_text(f"The PostgreSQL database of Pult's data in {data_dir}.\n")
    try:
        with (data_dir / "postgres.home").open("x", encoding="utf-8") as record:
            record.write(f"{home.path}\n")
    except OSError:  # no folder, or another Pult is doing the same just now
        shutil.rmtree(home.path)
        raise
    return home


def _make(folder: Path) -> None:
    """Make a folder of ours: closed or, as root, such that the server's user may walk through."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _check_home(home: Home) -> None:
    uid = home.path.stat().st_uid
    if uid != os.geteuid():
        raise PostgresRefused(
            f"the database in {home.path} belongs to the user {name_of(uid)}: start Pult as that"
            " user, or choose another PULT_DATA_DIR"
        )

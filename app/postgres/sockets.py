"""The private folder of the server's socket."""

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from app.postgres.errors import PostgresRefused
from app.postgres.home import Home
from app.postgres.owner import Owner

_LONGEST = 103  # bytes of a socket's path: macOS allows that, Linux four more
_NAME = ".s.PGSQL.5432"


def socket_folder(home: Home, owner: Owner) -> Path:
    """The 0700 folder of the socket: in the home or, when that path is too long, a short one."""
    inside = home.path / "run"
    if len(os.fsencode(inside / _NAME)) <= _LONGEST:
        return _private(inside, owner)
    name = f"pult-{os.geteuid()}-{hashlib.sha256(os.fsencode(home.path)).hexdigest()[:12]}"
    bases = ["/run"] if owner.drop else [tempfile.gettempdir()]
    for base in (*bases, "/tmp"):  # noqa: S108 - looked at by _private
        folder = Path(base, name)
        fits = len(os.fsencode(folder / _NAME)) <= _LONGEST
        if fits and os.access(base, os.W_OK):
            return _private(folder, owner)
    raise PostgresRefused(f"the path {home.path} is too long for a socket: choose a shorter one")


def _private(folder: Path, owner: Owner) -> Path:
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        owner.give(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.uid or found.st_mode & 0o077:
        raise PostgresRefused(f"{folder} is not a private folder of the database's user: remove it")
    return folder


def clear_sockets(folder: Path) -> None:
    """Drop what a killed server left: its lock names a number that may be in use again."""
    for name in (_NAME, f"{_NAME}.lock"):
        (folder / name).unlink(missing_ok=True)

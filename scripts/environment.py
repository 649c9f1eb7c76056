"""Make `.venv` and install a lock file into it: `environment.py LOCK`, run by `./pult`.

Runs on a bare Python; two at once wait for each other; what is interrupted is begun anew.
"""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
EVERYDAY, TESTING = "requirements.lock", "requirements-dev.lock"  # the second holds the first


def main(lock: str) -> int:
    """Bring `.venv` up to the lock; 0, or 1 after one clear line."""
    try:
        VENV.mkdir(exist_ok=True)
        with (VENV / ".guard").open("w") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            wanted = (ROOT / lock).read_bytes()
            if _runs(PYTHON, "-c", "") and _installed(lock) == wanted:
                return 0  # the other one did it while we waited
            _tell("preparing .venv, which takes a minute the first time")
            return _make_venv() or _install(lock, wanted)
    except OSError as error:
        return _tell(f"{error.filename or VENV} cannot be written: {error.strerror}")


def _make_venv() -> int:
    if not _runs(PYTHON, "-c", ""):
        try:
            import ensurepip  # noqa: F401, PLC0415 - Debian leaves it out of its python3
        except ImportError:
            return _tell(
                f"Python's venv module is missing: install it (Debian, Ubuntu:"
                f" apt install python3-venv) or set PULT_PYTHON; this is {sys.executable}"
            )
        _empty(VENV)
        if not _runs(sys.executable, "-m", "venv", str(VENV)):
            return _tell(f"{VENV} cannot be made by {sys.executable} -m venv")
    if not _runs(PYTHON, "-m", "pip", "--version") and not _runs(PYTHON, "-m", "ensurepip"):
        return _tell(f"{VENV} has no pip: delete that folder and start again")
    return 0


def _install(lock: str, wanted: bytes) -> int:
    everyday = (ROOT / EVERYDAY).read_bytes()
    quietly = ("--quiet", "--quiet", "--no-input", "--disable-pip-version-check")
    what = ("--require-hashes", "--requirement", str(ROOT / lock))
    command = (str(PYTHON), "-m", "pip", "install", *quietly, *what)
    if subprocess.run(command, check=False, stdout=sys.stderr).returncode:  # noqa: S603
        return _tell(f"the packages of {lock} were not installed, for the reason above")
    if lock == TESTING:
        (VENV / EVERYDAY).write_bytes(everyday)
    (VENV / lock).write_bytes(wanted)
    return 0


def _installed(lock: str) -> bytes | None:
    return (VENV / lock).read_bytes() if (VENV / lock).exists() else None


def _runs(program: str | Path, *arguments: str) -> bool:
    try:
        done = subprocess.run((str(program), *arguments), check=False, capture_output=True)  # noqa: S603
    except OSError:
        return False
    return not done.returncode


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != ".guard":
            entry.unlink()


def _tell(line: str) -> int:
    sys.stderr.write(f"pult: {line}\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))

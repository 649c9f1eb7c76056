"""A server left running (or half dead) by a Pult that was killed: found, proven ours, ended."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from app.postgres.errors import PostgresRefused

_PATIENCE = 30.0  # seconds for a fast shutdown
_STEP = 0.01
_PROC = Path("/proc")


@dataclass(frozen=True)
class PidFile:
    """What we read of postmaster.pid: https://www.postgresql.org/docs/current/storage-file-layout.html."""

    pid: int
    socket_folder: str
    ready: bool


def read_pid_file(data: Path) -> PidFile | None:
    """The parsed postmaster.pid, or None when there is none or it is not complete."""
    try:
        lines = (data / "postmaster.pid").read_text("utf-8").splitlines()
        return PidFile(int(lines[0]), lines[4].strip(), lines[7].strip() == "ready")
    except (OSError, ValueError, IndexError):
        return None


async def end_orphans(data: Path) -> None:
    """Stop every process of this cluster, gently first; drop a postmaster.pid that is stale.

    Only to be called by the owner of the home's lock: then nothing of ours can be running.
    """
    for order in (signal.SIGINT, signal.SIGKILL):
        leader = read_pid_file(data)
        for pid in processes_of(data):
            # a fast shutdown is asked of the leader, the others follow it
            if order == signal.SIGKILL or leader is None or leader.pid == pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, order)
        if await _gone(data, _PATIENCE if _leads(leader, data) else 1.0):
            _drop_stale(data)
            return
    raise PostgresRefused(f"a PostgreSQL of {data} is still running and cannot be stopped")


def processes_of(data: Path) -> list[int]:
    """The processes of this cluster: PostgreSQL's are the ones that stand in its data folder.

    Without /proc only the leader is known, and proven by its command line.
    """
    if _PROC.exists():
        return [int(entry.name) for entry in _PROC.glob("[0-9]*") if _stands(entry, data)]
    found = read_pid_file(data)
    return [found.pid] if found and str(data) in _command_line(found.pid) else []


def _drop_stale(data: Path) -> None:
    # its number may by now be another program's, which PostgreSQL would take for a server
    if _PROC.exists():  # elsewhere backends may live on, and PostgreSQL itself has to see to it
        (data / "postmaster.pid").unlink(missing_ok=True)


def _leads(leader: PidFile | None, data: Path) -> bool:
    return leader is not None and leader.pid in processes_of(data)


async def _gone(data: Path, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while processes_of(data):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(_STEP)
    return True


def _stands(process: Path, data: Path) -> bool:
    try:
        there = (process / "cwd").readlink() == data
        return there and (process / "comm").read_text().strip() == "postgres"
    except OSError:
        return False


def _command_line(pid: int) -> str:
    command = ("/bin/ps", "-o", "command=", "-p", str(pid))
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603

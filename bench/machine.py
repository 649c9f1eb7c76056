"""What the machine is, and how much of it other programs take while we measure."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

PROC = Path("/proc")


def describe(postgres: str) -> dict[str, str]:
    """CPU model, cores, memory and versions as words."""
    return {
        "cpu": f"{_of_file('cpuinfo', 'model name') or platform.processor() or 'unknown'}",
        "cores": str(os.cpu_count()),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "postgres": postgres,
    }


def _of_file(name: str, key: str) -> str | None:
    try:
        lines = (PROC / name).read_text().splitlines()
    except OSError:
        return None
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), None)


def _memory() -> str:
    found = _of_file("meminfo", "MemTotal")
    return f"{int(found.split()[0]) / 2**20:.1f} GB" if found else "unknown"


class Watch:
    """The share of all cores that programs outside our process tree take, in per cent.

    None where the system has no /proc.
    """

    def __init__(self) -> None:
        self._begun = _sample()

    def foreign(self) -> float | None:
        """Since the beginning of this watch."""
        now = _sample()
        if now is None or self._begun is None:
            return None
        moment, busy, own = (after - before for after, before in zip(now, self._begun, strict=True))
        ticks = os.sysconf("SC_CLK_TCK") * (os.cpu_count() or 1) * max(moment, 0.001)
        return round(100 * max(0.0, busy - own) / ticks, 1)


def spent() -> tuple[float, float]:
    """CPU seconds of this process, and of all its descendants; zeros without /proc."""
    tick, (own, *others) = os.sysconf("SC_CLK_TCK"), _family(os.getpid())
    return _ticks(own) / tick, sum(map(_ticks, others)) / tick


def cpu_of(pid: int) -> float:
    """CPU seconds of one process; 0 without /proc."""
    return _ticks(pid) / os.sysconf("SC_CLK_TCK")


def _sample() -> tuple[float, float, float] | None:
    """Seconds, busy ticks of all cores, ticks of this process and its descendants."""
    try:
        fields = [int(one) for one in (PROC / "stat").read_text().split("\n")[0].split()[1:]]
    except OSError:
        return None
    busy = sum(fields[:8]) - fields[3] - fields[4]
    return time.monotonic(), busy, sum(_ticks(pid) for pid in _family(os.getpid()))


def _stat(pid: int) -> list[str]:
    """The fields behind the name, which may hold anything; empty for a process that is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _family(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir() if PROC.exists() else ():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    family = [root]
    for pid in family:
        family += children.get(pid, [])
    return family


def _ticks(pid: int) -> int:
    """Own time, and that of children which have ended."""
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) if fields else 0


def memory_of(pid: int) -> float | None:
    """Resident memory of one process, MB."""
    found = _of_file(f"{pid}/status", "VmRSS")
    return int(found.split()[0]) / 1024 if found else None

"""Asterisk's own call log (Master.csv): read on from where it was read to, told once settled."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path

import structlog

from crm_core.kernel import clock
from telephony.asterisk.cdr import COLUMNS, CdrRow, calls_of, row_of
from telephony.asterisk.config import Config
from telephony.asterisk.following import SETTLED, Watched
from telephony.contracts import Desk

log = structlog.get_logger(__name__)

CHUNK = 1 << 20


class LogReader:
    """Follows one file; `remember`ed: which file (inode) and how far (bytes)."""

    def __init__(self, config: Config, name: str) -> None:
        self._config, self._name = config, name

    async def step(self, desk: Desk, watched: Watched) -> bool:
        """Read what is new, tell what is settled; whether there may be more of it."""
        place = (await desk.memory()).get("log") or {}
        data, inode, at = await asyncio.to_thread(self._read, place)
        rows, used = self._settled(data)
        calls = calls_of(rows, self._config.rules())
        added = await desk.reconcile([call for call in calls if not watched.holds(call.key)])
        if used or place.get("inode") != inode:
            await desk.remember(log={"inode": inode, "at": at + used})
        if added:
            log.info("calls_from_log", pbx=self._name, calls=added)
        return used > 0 and len(data) >= CHUNK

    async def check(self) -> None:
        """Raises OSError when it can't be read; a file that no call was written to may lack."""
        await asyncio.to_thread(self._check)

    def _check(self) -> None:
        path = Path(self._config.cdr_file)
        if path.exists() or not path.parent.is_dir():
            self._read({})

    def _settled(self, data: bytes) -> tuple[list[CdrRow], int]:
        """Rows up to the first that is still fresh, and how many bytes they take."""
        rows, used, before = [], 0, clock.now() - SETTLED
        for line in data.splitlines(keepends=True):
            row = self._row(line)
            if row is not None and row.ended_at > before:
                break
            used += len(line)
            rows += [row] if row is not None else []
        return rows, used

    def _row(self, line: bytes) -> CdrRow | None:
        fields = next(csv.reader(io.StringIO(line.decode("utf-8", "replace"))), [])
        if len(fields) < len(COLUMNS) - 1:
            return None
        return row_of(dict(zip(COLUMNS, fields, strict=False)), utc=self._config.cdr_utc)

    def _read(self, place: dict[str, int]) -> tuple[bytes, int, int]:
        """Whole lines from the place on, the file's number, and where they begin."""
        path = Path(self._config.cdr_file)
        with path.open("rb") as file:
            inode = path.stat().st_ino
            size = file.seek(0, io.SEEK_END)
            at = place.get("at", 0) if place.get("inode") == inode else 0
            at = at if at <= size else 0
            file.seek(at)
            data = file.read(CHUNK)
        return data[: data.rfind(b"\n") + 1], inode, at

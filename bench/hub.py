"""The hub under test: `pult run` as a process of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from bench.machine import cpu_of, memory_of

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
PATIENCE = 60.0


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class HubFailed(RuntimeError):
    """The hub did not start; the text holds what it said."""


class Hub:
    """One `pult run` in its own folder; `settings` are its PULT_ variables."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.port = free_port()
        self._folder = folder
        self._settings = {
            "PULT_HTTP_HOST": HOST,
            "PULT_HTTP_PORT": str(self.port),
            "PULT_PUBLIC_URL": f"http://{HOST}:{self.port}",
            "PULT_LOG_LEVEL": "warning",
            **settings,
        }
        self._process: asyncio.subprocess.Process | None = None
        self.begun = 0.0

    @property
    def memory(self) -> float | None:
        """Resident memory of the process without its database, MB."""
        return memory_of(self._process.pid) if self._process else None

    @property
    def cpu(self) -> float:
        """CPU seconds the process has taken, without its database."""
        return cpu_of(self._process.pid) if self._process else 0.0

    @property
    def log(self) -> Path:
        return self._folder / "hub.log"

    async def start(self, *roles: str) -> float:
        """With all roles, or some; returns after how many seconds it was ready."""
        # Nothing of the caller's own installation leaks in; `.env` is looked for in the folder.
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PULT_")}
        paths = {"PYTHONPATH": str(ROOT)}
        self.begun = time.time()
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command(),
                "run",
                *(f"--role={role}" for role in roles),
                env=kept | paths | self._settings,
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return await self._ready()

    async def _ready(self) -> float:
        assert self._process is not None
        url = f"http://{HOST}:{self.port}/readyz"
        async with aiohttp.ClientSession() as http:
            while time.time() - self.begun < PATIENCE and self._process.returncode is None:
                try:
                    async with http.get(url) as answer:
                        if answer.status == 200:
                            return time.time() - self.begun
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.01)
        said = self.log.read_text(errors="replace")[-2000:]
        await self.stop()
        raise HubFailed(f"pult run did not start; it said:\n{said}")

    async def stop(self) -> None:
        if self._process is None:
            return
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()
        self._process = None


def command() -> list[str]:
    """`./pult`, when its environment is in place: it must not make one now."""
    lock, made = ROOT / "requirements.lock", ROOT / ".venv" / "requirements.lock"
    if lock.is_file() and made.is_file() and lock.read_bytes() == made.read_bytes():
        return [str(ROOT / "pult")]
    return [sys.executable, "-P", "-m", "app"]

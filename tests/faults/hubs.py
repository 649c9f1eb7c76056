"""Hubs as processes of their own: started, awaited, killed, stopped; their logs told on failure."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.waiting import eventually

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
KEY = "a key for tests only"


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(kw_only=True)
class Hub:
    """One process. `url` is where it serves."""

    url: str
    log: Path
    process: asyncio.subprocess.Process

    @property
    def running(self) -> bool:
        return self.process.returncode is None

    @property
    def words(self) -> str:
        """Everything it has said so far, on both outputs."""
        return self.log.read_text(errors="replace")

    async def ready(self) -> None:
        """Wait for /readyz; an early end fails with what the process said."""
        async with ClientSession(timeout=ClientTimeout(total=5)) as http:

            async def look() -> bool:
                assert self.running, f"the hub ended by itself:\n{self.words}"
                return await is_ready(http, self.url)

            await eventually(look, timeout=PATIENCE, what=f"{self.url} to be ready")

    async def said(self, words: str) -> None:
        """Wait until its output holds these words."""

        async def look() -> bool:
            return words in self.words

        await eventually(look, timeout=PATIENCE, what=f"the hub to say {words!r}")

    async def kill(self) -> None:
        """End it at once, wherever it stands."""
        if self.running:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> int:
        """Ask it to end; its exit status."""
        if self.running:
            self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


async def is_ready(http: ClientSession, url: str) -> bool:
    """Whether the hub there, and its database, answer."""
    try:
        async with http.get(f"{url}/readyz") as answer:
            return answer.status == 200
    except (ClientError, TimeoutError):
        return False


@dataclass(kw_only=True)
class Hubs:
    """Starts processes in one environment; whatever still runs is killed at the end."""

    folder: Path
    environment: dict[str, str]
    started: list[Hub] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def launch(self, *command: str, **extra: str) -> Hub:
        """`python -m app <command>` (default: run) with settings added; does not wait for it."""
        port = extra.pop("PULT_HTTP_PORT", "") or str(free_port())
        log = self.folder / f"hub-{next(self._numbers)}.log"
        with log.open("wb") as target:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "app", *(command or ("run",))),
                cwd=ROOT,
                env=bare() | self.environment | extra | {"PULT_HTTP_PORT": port},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=target,
                stderr=target,
            )
        hub = Hub(url=f"http://127.0.0.1:{port}", log=log, process=process)
        self.started.append(hub)
        return hub

    async def start(self, *command: str, **extra: str) -> Hub:
        """A hub that is ready."""
        hub = await self.launch(*command, **extra)
        await hub.ready()
        return hub

    async def close(self) -> None:
        """Kill what runs; print what was said, which pytest shows when the test failed."""
        for hub in self.started:
            await hub.kill()
            print(f"--- {hub.log.name} ({hub.process.returncode})\n{hub.words[-6000:]}")  # noqa: T201


def bare() -> dict[str, str]:
    """This process's environment without any setting of Pult."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PULT_")}

"""Hubs as processes of their own: started, awaited, killed, stopped; their logs told on failure."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import os
import socket
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.waiting import eventually

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0
KEY = "a key for tests only"

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(["tests.faults.preload", "pytest"])


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
    process: ForkServerProcess

    @property
    def running(self) -> bool:
        return self.process.exitcode is None

    @property
    def words(self) -> str:
        """Everything it has said so far, on both outputs."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

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
            self.process.kill()
        await self.ended()

    async def stop(self) -> int:
        """Ask it to end; its exit status."""
        self.process.terminate()
        return await self.ended()

    async def ended(self) -> int:
        """Wait for its end; the exit status."""
        await asyncio.to_thread(self.process.join, PATIENCE)
        assert self.process.exitcode is not None, f"it does not end:\n{self.words}"
        return self.process.exitcode


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

    def launch(self, **extra: str) -> Hub:
        """`pult run` with settings added; does not wait for it."""
        from tests.faults.preload import work  # loaded where it runs, not where it is asked for

        port = extra.pop("PULT_HTTP_PORT", "") or str(free_port())
        log = self.folder / f"hub-{next(self._numbers)}.log"
        environment = bare() | self.environment | extra | {"PULT_HTTP_PORT": port}
        process = _nursery.Process(target=work, args=(environment, str(log)))
        process.start()
        hub = Hub(url=f"http://127.0.0.1:{port}", log=log, process=process)
        self.started.append(hub)
        return hub

    async def start(self, **extra: str) -> Hub:
        """A hub that is ready."""
        hub = self.launch(**extra)
        await hub.ready()
        return hub

    async def close(self) -> None:
        """Kill what runs; print what was said, which pytest shows when the test failed."""
        for hub in self.started:
            await hub.kill()
            print(f"--- {hub.log.name} ({hub.process.exitcode})\n{hub.words[-6000:]}")  # noqa: T201
            hub.process.close()


def bare() -> dict[str, str]:
    """This process's environment without any setting of Pult."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PULT_")}

"""The only place that starts tasks: services with names, restarted with a growing pause, and
crews of short jobs that are let finish."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)

Service = Callable[[], Awaitable[None]]
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0


class Supervisor:
    """Runs services until stopped; one that crashes is logged and started again.

    A service that returns is done. `stop()` cancels all and waits for them.
    """

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, name: str, service: Service) -> None:
        """Start a service now; a name may be used again once its service has ended."""
        if name in self._tasks and not self._tasks[name].done():
            message = f"service {name!r} already runs"
            raise ValueError(message)
        self._tasks[name] = asyncio.create_task(  # noqa: TID251 - the one place
            self._keep(name, service), name=name
        )

    async def cancel(self, name: str) -> None:
        """Stop one service and wait for it."""
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def running(self) -> list[str]:
        """Names of services that run at present."""
        return [name for name, task in self._tasks.items() if not task.done()]

    async def stop(self) -> None:
        """Cancel everything, newest first, and wait."""
        for name in reversed(list(self._tasks)):
            await self.cancel(name)

    async def _keep(self, name: str, service: Service) -> None:
        pause = FIRST_PAUSE
        while True:
            started = asyncio.get_running_loop().time()
            try:
                await service()
            except Exception:
                log.exception("service_crashed", service=name)
            else:
                return
            if asyncio.get_running_loop().time() - started > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


class Crew:
    """Short jobs of one owner. `close` lets them finish for `grace` seconds, then cancels.

    A job that crashes is logged; its owner learns of it by what it left undone.
    """

    def __init__(self) -> None:
        self._jobs: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._jobs)

    def start(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(job)  # noqa: TID251 - the one place
        self._jobs.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._jobs.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("job_crashed", exc_info=error)

    async def close(self, grace: float) -> None:
        if not self._jobs:
            return
        _, late = await asyncio.wait(set(self._jobs), timeout=grace)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

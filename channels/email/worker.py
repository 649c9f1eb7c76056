"""One thread of one mailbox's own for its blocking calls, which leaves nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, ParamSpec, Protocol, Self, TypeVar

T = TypeVar("T")
P = ParamSpec("P")
GRACE = 5.0


class Connection(Protocol):
    """A blocking connection: `abort` may be called from any thread and ends its calls."""

    def abort(self) -> None: ...

    def close(self) -> None: ...


class Worker:
    """`async with Worker(box) as worker: await worker.call(box.open)`.

    At the end the connection is closed; with a call still under way it is broken off first, so
    that the thread never outlives its owner by more than a connection attempt.
    """

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._threads = ThreadPoolExecutor(1, thread_name_prefix=f"mail-{name}")
        self._last: Future[Any] | None = None

    def start(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        """Begin a blocking call; calls are done one after another."""
        context = contextvars.copy_context()
        running = self._threads.submit(lambda: context.run(work, *args, **kwargs))
        self._last = running
        future = asyncio.wrap_future(running)
        # Nobody may be left to hear of it: then it was broken off by us.
        future.add_done_callback(lambda one: one.cancelled() or one.exception())
        return future

    async def call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.start(work, *args, **kwargs)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._last is not None and not self._last.done():
            self._connection.abort()
        with contextlib.suppress(RuntimeError):
            self._threads.submit(self._connection.close)
        self._threads.shutdown(wait=False)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await asyncio.to_thread(self._threads.shutdown)

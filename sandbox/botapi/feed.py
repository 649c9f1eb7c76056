"""The change feed: small dicts for those who watch, and waiting for a condition."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")
Change = dict[str, Any]


class Subscription:
    """An endless async iterator of changes; leave its `async with` (or `close()`) to stop."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._queue: asyncio.Queue[Change | None] = asyncio.Queue()

    def put(self, change: Change | None) -> None:
        self._queue.put_nowait(change)

    def close(self) -> None:
        self._feed.drop(self)
        self.put(None)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Change:
        change = await self._queue.get()
        if change is None:
            raise StopAsyncIteration
        return change

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Feed:
    """Publishes changes to subscribers and wakes everyone who waits for a condition."""

    def __init__(self) -> None:
        self._subscribers: list[Subscription] = []
        self._listeners: list[Callable[[Change], None]] = []
        self._waiters: set[asyncio.Future[None]] = set()

    def publish(self, change: Change) -> None:
        for subscriber in self._subscribers:
            subscriber.put(change)
        for listener in self._listeners:
            listener(change)
        self.touch()

    def touch(self) -> None:
        """Wake the waiters without telling the subscribers anything."""
        waiters, self._waiters = self._waiters, set()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def listen(self, listener: Callable[[Change], None]) -> None:
        """Call `listener` with every change, for as long as the feed lives."""
        self._listeners.append(listener)

    async def changed(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)

    def subscribe(self) -> Subscription:
        subscription = Subscription(self)
        self._subscribers.append(subscription)
        return subscription

    def drop(self, subscription: Subscription) -> None:
        if subscription in self._subscribers:
            self._subscribers.remove(subscription)

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 20.0) -> T:
        """Return the first truthy answer of `predicate`; TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while not (answer := predicate()):
                await self.changed()
        return answer

"""Wake-ups between processes: LISTEN/NOTIFY with topics; everybody also polls behind it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog

from crm_core.kernel import db

log = structlog.get_logger(__name__)
CHANNEL = "pult"


async def notify(topic: str, data: str = "") -> None:
    """Tell every process, on commit, that something stirred at `topic` (no spaces in it).

    `data` (below 7 kB) goes to subscribers. Same texts within a transaction are sent once.
    """
    await db.execute("SELECT pg_notify($1, $2)", CHANNEL, payload(topic, data))


def payload(topic: str, data: str = "") -> str:
    """What travels: for statements that notify by themselves, on `CHANNEL`."""
    return f"{topic} {data}"


class Wakeups:
    """This process's ear. `event(topic)` is set by every notification of the topic."""

    def __init__(self) -> None:
        self._events: dict[str, list[asyncio.Event]] = defaultdict(list)
        self._queues: dict[str, list[asyncio.Queue[str]]] = defaultdict(list)
        self.listening = asyncio.Event()

    async def run(self) -> None:
        """Listen until cancelled; a lost connection raises and the supervisor starts anew."""
        connection = await db.connect()
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            await connection.add_listener(CHANNEL, self._heard)
            self.listening.set()
            self.wake_all()  # whatever was missed meanwhile is found by looking
            await lost.wait()
            message = "listening connection lost"
            raise ConnectionError(message)
        finally:
            self.listening.clear()
            with suppress(Exception):
                await connection.close(timeout=1)

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        topic, _, data = payload.partition(" ")
        for event in self._events.get(topic, ()):
            event.set()
        for queue in self._queues.get(topic, ()):
            with suppress(asyncio.QueueFull):
                queue.put_nowait(data)

    def wake_all(self) -> None:
        """As if every topic had stirred."""
        for events in self._events.values():
            for event in events:
                event.set()

    @contextmanager
    def event(self, *topics: str) -> Iterator[asyncio.Event]:
        """An event set by any of the topics; the owner clears it."""
        event = asyncio.Event()
        for topic in topics:
            self._events[topic].append(event)
        try:
            yield event
        finally:
            for topic in topics:
                self._events[topic].remove(event)
                if not self._events[topic]:
                    del self._events[topic]

    @contextmanager
    def subscribe(self, topic: str, size: int = 100) -> Iterator[asyncio.Queue[str]]:
        """A queue of the `data` of every notification of a topic; a full queue drops, the
        reader's own look at the rows is what counts."""
        queue: asyncio.Queue[str] = asyncio.Queue(size)
        self._queues[topic].append(queue)
        try:
            yield queue
        finally:
            self._queues[topic].remove(queue)
            if not self._queues[topic]:
                del self._queues[topic]


async def wait(event: asyncio.Event, timeout: float) -> None:
    """Wait for the event at most `timeout` seconds, then clear it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout):
            await event.wait()
    event.clear()

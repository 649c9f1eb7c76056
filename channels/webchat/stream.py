"""Server-sent events of one visitor: first what was missed, then what happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson

from channels.webchat import live, mailbox, render
from channels.webchat.tape import Cursor, Tape
from crm_core.kernel import clock, wake
from crm_core.kernel.db import Row

HEARTBEAT = 25.0
# A message that is being sent becomes visible a moment after the wake-up that announces it.
FIRST_LOOK, PAGE = 0.04, 200
BEAT = b": \n\n"
PER_VISITOR = 10


class Streams:
    """The open streams of one account, so that they can be counted and ended."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.closed = False
        self._open: dict[str, list[asyncio.Event]] = {}

    def full(self, chat: str) -> bool:
        """Whether this visitor, or the account, has as many as it may."""
        many = sum(map(len, self._open.values())) >= self.limit
        return many or len(self._open.get(chat, ())) >= PER_VISITOR

    @contextmanager
    def opened(self, chat: str, event: asyncio.Event) -> Iterator[None]:
        self._open.setdefault(chat, []).append(event)
        try:
            yield
        finally:
            self._open[chat].remove(event)
            if not self._open[chat]:
                del self._open[chat]

    def close(self) -> None:
        """End all of them: browsers come back to whoever serves next."""
        self.closed = True
        for events in self._open.values():
            for event in events:
                event.set()


def frame(name: str, data: dict[str, Any], cursor: Cursor | None = None) -> bytes:
    """One server-sent event."""
    head = f"id: {cursor}\n" if cursor else ""
    return f"{head}event: {name}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"


async def news(streams: Streams, channel: int, chat: str, start: Cursor) -> AsyncIterator[bytes]:
    """Frames for one visitor until the account closes; at least one per heartbeat."""
    topic, ear = live.topic(channel, chat), live.ear()
    told = Teller(channel, chat, start)
    with ear.event(topic) as event, ear.subscribe(topic) as queue, streams.opened(chat, event):
        yield b"retry: 2000\n\n"
        pause, looking = FIRST_LOOK, True
        while not streams.closed:
            for one in await told.look() if looking else ():
                yield one
            pause = min(pause * 2, HEARTBEAT) if told.waiting else HEARTBEAT
            await wake.wait(event, pause)
            heard = _drain(queue)
            looking = not heard or any(one != live.TYPING for one in heard)
            if heard:
                pause = FIRST_LOOK
            if live.TYPING in heard:
                yield frame("typing", {"typing": True})
            elif pause >= HEARTBEAT:
                yield BEAT


def _drain(queue: asyncio.Queue[str]) -> list[str]:
    return [queue.get_nowait() for _ in range(queue.qsize())]


class Teller:
    """Looks into the mailbox and says what is new."""

    def __init__(self, channel: int, chat: str, start: Cursor) -> None:
        self._channel = channel
        self._chat = chat
        self._tape = Tape(start)
        self._state: dict[str, Any] = {}

    @property
    def waiting(self) -> bool:
        return self._tape.waiting

    async def look(self) -> Sequence[bytes]:
        """Frames of new and changed messages, then of a changed state."""
        now = clock.now()
        fresh = self._tape.take(await self._rows(), now)
        frames = [frame("message", render.message(row, self._chat, now)) for row in fresh]
        if fresh:  # a connection lost before this one begins again where it began
            frames.append(frame("cursor", {"after": str(self._tape.cursor)}, self._tape.cursor))
        state = render.state(await mailbox.standing(self._channel, self._chat))
        if state != self._state:
            self._state = state
            frames.append(frame("state", state))
        return frames

    async def _rows(self) -> list[Row]:
        """Everything since the cursor, page by page."""
        cursor = self._tape.cursor
        after, since = cursor.id, cursor.since
        rows: list[Row] = []
        while True:
            page = await mailbox.changed(
                self._channel, self._chat, after=after, since=since, limit=PAGE
            )
            rows += page
            if len(page) < PAGE:
                return rows
            # Only the first page asks for changes: later ones must get on.
            after, since = max(after, page[-1]["id"]), clock.now()

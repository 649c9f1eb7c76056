"""A door before the hubs: passes connections on to whichever answers; may hold answers back."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from tests.waiting import eventually

CHUNK = 64 * 1024


@dataclass
class Relay:
    """Listens on a port of its own and passes on to `targets`, in turn.

    While `mute`, requests go in and no answer comes out: `withheld` counts the pieces kept back.
    """

    targets: list[int] = field(default_factory=list)
    mute: bool = False
    withheld: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _turn: int = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        await eventually(self._empty, what="every connection to leave")
        await self._server.wait_closed()

    async def _empty(self) -> bool:
        return not self._writers

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        beyond = await self._connect()
        try:
            if beyond is not None:
                await self._both_ways((reader, writer), beyond)
        finally:
            for each in (writer, *((beyond[1],) if beyond else ())):
                each.transport.abort()
                with suppress(OSError):
                    await each.wait_closed()
            self._writers.discard(writer)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        self._turn += 1
        for number in range(len(self.targets)):
            port = self.targets[(self._turn + number) % len(self.targets)]
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None

    async def _both_ways(
        self,
        near: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        far: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        """Until either side ends."""
        async with asyncio.TaskGroup() as tasks:
            there = tasks.create_task(self._copy(near[0], far[1]))
            back = tasks.create_task(self._copy(far[0], near[1], answers=True))
            await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
            there.cancel()
            back.cancel()

    async def _copy(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, answers: bool = False
    ) -> None:
        with suppress(OSError):
            while piece := await source.read(CHUNK):
                if answers and self.mute:
                    self.withheld += 1
                    continue
                target.write(piece)
                await target.drain()

"""AudioSocket (Asterisk 18 and later): sound over TCP, and two questions of the dialplan over HTTP
at the same port: who calls (before), and where to go on (after).

Frames are kind (1 byte), length (2, big-endian), payload; sound is 16-bit little-endian, 8 kHz.
"""

from __future__ import annotations

import asyncio
import struct
import uuid
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress

import structlog

from telephony.voicebot.contract import Answering
from telephony.voicebot.dialplan import Desk
from telephony.voicebot.incoming import FRAME, End, Heard, Incoming
from telephony.voicebot.pace import Pace

log = structlog.get_logger(__name__)

HANGUP, ID, DIGIT, SOUND, ERROR = 0x00, 0x01, 0x03, 0x10, 0xFF
HEAD = struct.Struct("!BH")
QUIET = 30.0  # seconds without a frame after which the peer is gone
GREETED = 5.0  # seconds within which a connection must have said what it wants


class Socket:
    """A `Line` over one TCP connection."""

    def __init__(
        self,
        incoming: Incoming,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        desk: Desk,
    ) -> None:
        self.incoming = incoming
        self.end: End | None = None
        self._reader, self._writer = streams
        self._desk = desk
        self._out = bytearray()
        self._sound: deque[bytes] = deque(maxlen=1500)  # 30 s: nobody reads
        self._digits = ""

    @property
    def playing(self) -> bool:
        return bool(self._out) and self.end is None

    async def answer(self) -> None:
        """The dialplan has answered already."""

    def play(self, pcm: bytes) -> None:
        self._out += pcm

    def hush(self) -> None:
        self._out.clear()

    async def move(self, to: str) -> None:
        await self._close(End.MOVED, to)

    async def hang_up(self) -> None:
        await self._close(End.BOT, "hangup")

    async def _close(self, end: End, place: str) -> None:
        """The dialplan asks for `place` as soon as the frame is there."""
        if self.end is None:
            self.end = end
            self._desk.decide(self.incoming.id, place)
            with suppress(OSError):
                self._writer.write(HEAD.pack(HANGUP, 0))
                await self._writer.drain()

    async def ticks(self) -> AsyncIterator[Heard]:
        pace = Pace()
        while self.end is None:
            heard = Heard(b"".join(self._sound), self._digits)
            self._sound.clear()
            self._digits = ""
            self._speak()
            yield heard
            await pace.wait()

    def _speak(self) -> None:
        """One frame a tick, silence too: Asterisk passes on at once whatever comes, and a
        provider hangs up on a stream that stops."""
        if self._writer.is_closing():
            return
        frame = bytes(self._out[:FRAME]).ljust(FRAME, b"\0")
        del self._out[:FRAME]
        self._writer.write(HEAD.pack(SOUND, FRAME) + frame)

    async def listen(self, quiet: float = QUIET) -> None:
        """Take frames in until the call ends, or `quiet` seconds bring none."""
        try:
            while self.end is None:
                async with asyncio.timeout(quiet):
                    kind, payload = await frame_of(self._reader)
                if not self._take(kind, payload):
                    break
        except TimeoutError:  # an OSError too
            self._over(End.LOST)
        except (OSError, EOFError):
            self._over(End.CALLER)

    def _take(self, kind: int, payload: bytes) -> bool:
        if kind == SOUND:
            self._sound.append(payload)
        elif kind == DIGIT:
            self._digits += payload.decode("ascii", "ignore")
        elif kind in (HANGUP, ERROR):
            self._over(End.CALLER if kind == HANGUP else End.LOST)
            return False
        return True

    def _over(self, end: End) -> None:
        if self.end is None:
            self.end = end


async def frame_of(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The next frame; EOFError at the end of the stream."""
    kind, length = HEAD.unpack(await reader.readexactly(HEAD.size))
    return kind, await reader.readexactly(length)


class AudioSocket:
    """The server. `key` is the secret the dialplan shows with its questions."""

    def __init__(self, host: str, port: int, key: str, quiet: float = QUIET) -> None:
        self._host, self._port, self._quiet = host, port, quiet
        self._desk = Desk(key)
        self.port = port
        self.ready = asyncio.Event()
        self._talks: set[asyncio.Task[None]] = set()

    async def serve(self, answering: Answering) -> None:
        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - a coroutine always runs in one
            self._talks.add(task)
            try:
                await self._take(answering, reader, writer)
            except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
                log.info("voicebot_connection_dropped", error=repr(error))
            except asyncio.CancelledError:
                log.info("voicebot_call_cut")  # this task ends here: nobody waits for it but us
            finally:
                self._talks.discard(task)
                writer.close()

        server = await asyncio.start_server(take, self._host, self._port)
        self.port = server.sockets[0].getsockname()[1]
        log.info("voicebot_listens", host=self._host, port=self.port)
        self.ready.set()
        try:
            async with server:
                await server.serve_forever()
        finally:
            await self._part()

    async def _part(self) -> None:
        """The server lets its callbacks run on; we hang up."""
        talks = list(self._talks)
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def _take(
        self, answering: Answering, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        async with asyncio.timeout(GREETED):
            first = await reader.readexactly(1)
            if first == b"G":
                await self._desk.question(reader, writer)
                return
            incoming = self._known(first + await reader.readexactly(HEAD.size - 1 + 16))
        if incoming is None:
            log.warning("voicebot_call_not_announced")
            return
        await self._talk(Socket(incoming, (reader, writer), self._desk), answering)

    def _known(self, greeting: bytes) -> Incoming | None:
        kind, length = HEAD.unpack(greeting[: HEAD.size])
        if kind != ID or length != 16:
            return None
        return self._desk.take(str(uuid.UUID(bytes=greeting[HEAD.size :])))

    async def _talk(self, line: Socket, answering: Answering) -> None:
        async with asyncio.TaskGroup() as group:
            ear = group.create_task(line.listen(self._quiet))
            try:
                await answering(line)
            finally:
                await line.hang_up()
                ear.cancel()

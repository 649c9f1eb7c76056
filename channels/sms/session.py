"""One connection to an SMPP server: bound, requests one after another, pings answered."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from contextlib import suppress

from channels.sms import faults, pdu
from routing.contracts import ChannelBroken, DeliveryError, OutcomeUnknown, RetryLater

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
IDLE_SECONDS = 15.0
LOGIN_STATUSES = frozenset({0x05, 0x0D, 0x0E, 0x0F})
CHUNK = 1 << 16
Handle = Callable[[pdu.Packet], Awaitable[None]]


class Session:
    """Opened by `bind`. Nobody else may use it meanwhile."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._buffer = bytearray()
        self._numbers = itertools.count(1)
        self.used_at = asyncio.get_running_loop().time()

    @classmethod
    async def open(cls, host: str, port: int) -> Session:
        """Connect; RetryLater when nobody answers."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                reader, writer = await asyncio.open_connection(host, port)
        except (OSError, TimeoutError):
            raise RetryLater(faults.UNREACHABLE_API, after=5) from None
        return cls(reader, writer)

    async def bind(self, command: int, login: str, password: str) -> None:
        """Log in; ChannelBroken when login or password are refused."""
        try:
            answer = await self.request(command, pdu.bind(login, password))
        except OutcomeUnknown:
            raise RetryLater(faults.UNREACHABLE_API, after=5) from None
        if answer.status in LOGIN_STATUSES:
            raise ChannelBroken(faults.LOGIN_REFUSED)
        if answer.status:
            raise RetryLater(faults.OUT_OF_ORDER, after=10)

    @property
    def is_fresh(self) -> bool:
        """Whether it may still be trusted: servers drop connections nobody uses."""
        idle = asyncio.get_running_loop().time() - self.used_at
        return idle < IDLE_SECONDS and not self._reader.at_eof()

    async def request(self, command: int, body: bytes = b"") -> pdu.Packet:
        """Send and wait for the answer; OutcomeUnknown when the line breaks meanwhile."""
        packet = pdu.Packet(command, 0, next(self._numbers) & 0x7FFFFFFF, body)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self.send(packet)
                while True:
                    found = await self.receive()
                    if found.sequence == packet.sequence and found.command & pdu.RESPONSE:
                        self.used_at = asyncio.get_running_loop().time()
                        return found
                    await self.polite(found)
        except (OSError, TimeoutError, EOFError, ValueError):
            problem: DeliveryError = OutcomeUnknown(faults.NO_ANSWER)
        raise problem

    async def polite(self, packet: pdu.Packet) -> None:
        """Answer what needs no thought; a server that says good-bye ends the session."""
        if packet.command == pdu.ENQUIRE_LINK:
            await self.answer(packet)
        elif packet.command == pdu.UNBIND:
            await self.answer(packet)
            raise EOFError

    async def answer(self, packet: pdu.Packet, status: int = 0) -> None:
        body = b"\0" if packet.command == pdu.DELIVER_SM else b""
        answer = pdu.Packet(packet.command | pdu.RESPONSE, status, packet.sequence, body)
        await self.send(answer)

    async def send(self, packet: pdu.Packet) -> None:
        self._writer.write(packet.wire())
        await self._writer.drain()

    async def receive(self) -> pdu.Packet:
        """The next packet; EOFError at the end of the stream, ValueError on nonsense."""
        while (packet := pdu.take(self._buffer)) is None:
            chunk = await self._reader.read(CHUNK)
            if not chunk:
                raise EOFError
            self._buffer += chunk
        return packet

    async def ping(self) -> None:
        """Ask whether the other side is there; the answer comes among the packets."""
        await self.send(pdu.Packet(pdu.ENQUIRE_LINK, 0, next(self._numbers) & 0x7FFFFFFF))

    async def close(self) -> None:
        """Say good-bye without waiting for the answer."""
        with suppress(OSError):
            self._writer.write(pdu.Packet(pdu.UNBIND, 0, next(self._numbers)).wire())
            self._writer.close()
            await self._writer.wait_closed()

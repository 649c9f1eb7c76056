"""A message centre over TCP that speaks SMPP 3.4. What clients send is read by aiosmpplib."""

from __future__ import annotations

import asyncio
import itertools
import struct
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

from aiosmpplib import (  # type: ignore[import-untyped]  # the library brings no types
    BindReceiver,
    BindTransmitter,
    PduHeader,
    SmppCommand,
    SubmitSm,
)
from aiosmpplib.protocol import (  # type: ignore[import-untyped]  # as above
    DEFAULT_ENCODING,
    SmppMessage,
)

from sandbox.sms.counting import PLAIN, TWICE
from sandbox.sms.state import Sms
from sandbox.sms.world import World

HEADER = struct.Struct(">IIII")
RESPONSE = 0x80000000
BIND_FAILED, BAD_STATE, BAD_NUMBER = 0x0E, 0x04, 0x0B
STATES = {"delivered": "DELIVRD", "undelivered": "UNDELIV"}
UCS2_PIECE, SEPTETS_PIECE = 134, 153


class SmppServer:
    """Serves a world while entered."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.port = 0
        self.host = "127.0.0.1"
        self.lost_lines = 0
        self._server: asyncio.Server | None = None
        self._receivers: list[_Line] = []
        self._lines: set[asyncio.StreamWriter] = set()
        self._waiting: list[bytes] = []
        self._refs = itertools.cycle(range(1, 256))
        self._pieces: dict[tuple[str, int], dict[int, str]] = {}

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.host, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self.world.to_company.append(self._incoming)
        self.world.reports.append(self._report)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.world.to_company.remove(self._incoming)
        self.world.reports.remove(self._report)
        if self._server:
            self._server.close()
            self.hang_up()
            await self._server.wait_closed()

    def hang_up(self) -> None:
        """Break all lines without a word."""
        for writer in list(self._lines):
            writer.close()

    @property
    def receivers(self) -> int:
        return len(self._receivers)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = _Line(self, reader, writer)
        self._lines.add(writer)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await line.run()
        finally:
            self._lines.discard(writer)
            if line in self._receivers:
                self._receivers.remove(line)
            writer.close()
            for body in line.unanswered.values():
                self.give_back(body)

    def joined(self, line: _Line) -> None:
        """A receiver is there: what waited for one goes to it."""
        self._receivers.append(line)
        waiting, self._waiting = self._waiting, []
        for body in waiting:
            line.deliver(body)

    def give_back(self, body: bytes) -> None:
        """The receiver could not take it."""
        self._waiting.append(body)
        if self._receivers:
            self.joined(self._receivers.pop())

    def _deliver(self, body: bytes) -> None:
        if self._receivers:
            self._receivers[-1].deliver(body)
        else:
            self._waiting.append(body)

    async def _incoming(self, sms: Sms) -> None:
        for body in self._bodies(sms):
            self._deliver(body)

    def _bodies(self, sms: Sms) -> Iterator[bytes]:
        coding, letters, size = _letters(sms.text)
        whole = b"".join(letters)
        if len(whole) <= (140 if coding else 160):
            yield _deliver_sm(sms.number, self.world.company, 0, coding, whole)
            return
        pieces = [b""]
        for letter in letters:
            if len(pieces[-1]) + len(letter) > size:
                pieces.append(b"")
            pieces[-1] += letter
        ref = next(self._refs)
        # Handsets' pieces come in any order.
        for number in (*range(2, len(pieces) + 1), 1):
            header = bytes([5, 0, 3, ref, len(pieces), number])
            content = header + pieces[number - 1]
            yield _deliver_sm(sms.number, self.world.company, 0x40, coding, content)

    async def _report(self, sms: Sms) -> None:
        state = STATES[sms.state]
        words = (
            f"id:{sms.id} sub:001 dlvrd:001 submit date:2611212300 done date:2611212301"
            f" stat:{state} err:000 text:"
        )
        self._deliver(_deliver_sm(sms.number, self.world.company, 0x04, 0, words.encode()))

    async def taken(self, packet: SubmitSm, *, number: str) -> int:
        """An SMS or a piece of one was handed over; its number. The last piece makes it whole."""
        text = packet.short_message
        sender = packet.source.number
        place = packet.get_segmentation_data() if packet.is_segmented() else None
        if place is None:
            sms = self.world.add(number, text, mine=False, sender=sender)
            await self.world.arrive(sms)
            return sms.id
        ref, total, seq = _in_order(place)
        pieces = self._pieces.setdefault((number, ref), {})
        pieces[seq] = text
        if len(pieces) < total:
            return 900_000 + ref * 100 + seq
        del self._pieces[number, ref]
        whole = "".join(pieces[one] for one in sorted(pieces))
        sms = self.world.add(number, whole, mine=False, sender=sender)
        await self.world.arrive(sms)
        return sms.id


def _in_order(place: tuple[int, int, int]) -> tuple[int, int, int]:
    ref, seq, total = place
    return ref, total, seq


class _Line:
    """One connection of a client."""

    def __init__(
        self, server: SmppServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._world = server.world
        self._bound = 0
        self._numbers = itertools.count(1)
        self.unanswered: dict[int, bytes] = {}

    async def run(self) -> None:
        while True:
            head = await self._reader.readexactly(HEADER.size)
            length, command, status, sequence = HEADER.unpack(head)
            pdu = head + await self._reader.readexactly(length - HEADER.size)
            if command & RESPONSE:
                self._answered(status, sequence)
            elif not await self._handle(pdu, command, sequence):
                return

    def _answered(self, status: int, sequence: int) -> None:
        body = self.unanswered.pop(sequence, None)
        if body is not None and status:
            self._server.give_back(body)

    async def _handle(self, pdu: bytes, command: int, sequence: int) -> bool:
        if command in {SmppCommand.BIND_RECEIVER, SmppCommand.BIND_TRANSMITTER}:
            return self._bind(pdu, command, sequence)
        if command == SmppCommand.SUBMIT_SM:
            return await self._submit(pdu, sequence)
        self._answer(command, 0, sequence)
        return bool(command != SmppCommand.UNBIND)

    def _bind(self, pdu: bytes, command: int, sequence: int) -> bool:
        kind = BindReceiver if command == SmppCommand.BIND_RECEIVER else BindTransmitter
        asked = kind.from_pdu(pdu, _header(pdu))
        known = (self._world.login, self._world.password)
        if not isinstance(asked, kind) or (asked.system_id, asked.password) != known:
            self._answer(command, BIND_FAILED, sequence, b"\0")
            return False
        self._bound = command
        self._answer(command, 0, sequence, b"SANDBOX\0")
        if command == SmppCommand.BIND_RECEIVER:
            self._server.joined(self)
        return True

    async def _submit(self, pdu: bytes, sequence: int) -> bool:
        if self._bound != SmppCommand.BIND_TRANSMITTER:
            self._world.violations.append("submit_sm on a line that is no transmitter")
            self._answer(SmppCommand.SUBMIT_SM, BAD_STATE, sequence, b"\0")
            return True
        packet = SubmitSm.from_pdu(pdu, _header(pdu), default_encoding=DEFAULT_ENCODING)
        assert isinstance(packet, SubmitSm)  # noqa: S101 - its own class
        fault = self._world.fault()
        if fault and fault.code:
            self._answer(SmppCommand.SUBMIT_SM, fault.code, sequence, b"\0")
            return True
        number = "+" + packet.destination.number.removeprefix("+")
        if not number[1:].isdecimal() or not 10 <= len(number) <= 16:
            self._answer(SmppCommand.SUBMIT_SM, BAD_NUMBER, sequence, b"\0")
            return True
        if packet.registered_delivery != 1:
            self._world.violations.append("nobody asked for a receipt")
        number_of_sms = await self._server.taken(packet, number=number)
        if fault and fault.lost:
            return False
        self._answer(SmppCommand.SUBMIT_SM, 0, sequence, f"{number_of_sms}\0".encode())
        return True

    def deliver(self, body: bytes) -> None:
        sequence = next(self._numbers)
        self.unanswered[sequence] = body
        self._write(int(SmppCommand.DELIVER_SM), 0, sequence, body)

    def _answer(self, command: int, status: int, sequence: int, body: bytes = b"") -> None:
        self._write(int(command) | RESPONSE, status, sequence, body)

    def _write(self, command: int, status: int, sequence: int, body: bytes) -> None:
        length = HEADER.size + len(body)
        self._writer.write(HEADER.pack(length, command, status, sequence) + body)


def _header(pdu: bytes) -> PduHeader:
    return SmppMessage.parse_header(pdu[: HEADER.size])


def _letters(text: str) -> tuple[int, list[bytes], int]:
    """Data coding, characters as bytes, how many bytes fit into a piece. ASCII stands for GSM."""
    if all(char in PLAIN and char.isascii() and char not in "$@_" for char in text) and not (
        set(text) & TWICE
    ):
        return 0, [char.encode("ascii") for char in text], SEPTETS_PIECE
    return 8, [char.encode("utf-16-be") for char in text], UCS2_PIECE


def _deliver_sm(number: str, to: str, esm_class: int, coding: int, content: bytes) -> bytes:
    source, target = (one.removeprefix("+").encode() + b"\0" for one in (number, to))
    body = b"\0" + b"\1\1" + source + b"\1\1" + target
    body += bytes([esm_class, 0, 0]) + b"\0\0" + bytes([0, 0, coding, 0, len(content)])
    return body + content

"""The least a mail server must say to take a mail (RFC 5321), for the demo alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

HOST = "127.0.0.1"
LONGEST_LINE = 2**16
LARGEST = 32 * 2**20
GREETING = "220 mail.sandbox.test ready"
OFFERS = ("250-mail.sandbox.test", "250-8BITMIME", "250-SMTPUTF8", "250 AUTH PLAIN LOGIN")
ANSWERS = {
    "HELO": "250 mail.sandbox.test",
    "MAIL": "250 sender ok",
    "RCPT": "250 recipient ok",
    "RSET": "250 ok",
    "NOOP": "250 ok",
}
Takes = Callable[[bytes], None]


class TakesMail:
    """`async with TakesMail(take) as server:` every mail that comes goes to `take`, whole."""

    def __init__(self, take: Takes) -> None:
        self._take = take
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def __aenter__(self) -> TakesMail:
        self._server = await asyncio.start_server(
            self._session, HOST, self.port, limit=LONGEST_LINE
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.close()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError, ValueError):
            await self._talk(reader, writer)
        self._open.discard(writer)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _say(writer, GREETING)
        while line := await reader.readline():
            verb = line.decode(errors="replace").strip().partition(" ")[0].upper()
            match verb:
                case "EHLO":
                    _say(writer, *OFFERS)
                case "AUTH":
                    await _log_in(line, reader, writer)
                case "DATA":
                    _say(writer, "354 go on")
                    self._take(await _letter(reader))
                    _say(writer, "250 taken")
                case "QUIT":
                    _say(writer, "221 bye")
                    return
                case _:
                    _say(writer, ANSWERS.get(verb, "502 unknown"))
            await writer.drain()


def _say(writer: asyncio.StreamWriter, *lines: str) -> None:
    writer.write("".join(f"{line}\r\n" for line in lines).encode())


async def _log_in(line: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Everybody may: there is nobody else on this machine's loopback."""
    words = line.split()
    steps = max(0, {b"PLAIN": 3, b"LOGIN": 4}.get(words[1].upper(), 3) - len(words))
    for _step in range(steps):
        _say(writer, "334 ")
        await reader.readline()
    _say(writer, "235 welcome")


async def _letter(reader: asyncio.StreamReader) -> bytes:
    """Up to the line with the dot, dots at the beginning of lines undone; ValueError if endless."""
    lines: list[bytes] = []
    size = 0
    while (line := await reader.readline()) not in {b".\r\n", b".\n", b""}:
        size += len(line)
        if size > LARGEST:
            message = "the mail is too large"
            raise ValueError(message)
        lines.append(line[1:] if line.startswith(b"..") else line)
    return b"".join(lines)

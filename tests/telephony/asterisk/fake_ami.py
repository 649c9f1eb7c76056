"""An AMI server that does as it is told: bad greetings, torn packets, silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

GREETING = b"Asterisk Call Manager/9.0.0\r\n"


class FakeAmi:
    """Answers logins and pings; `silent` it answers nothing; `heard` holds the actions."""

    def __init__(self) -> None:
        self.port = 0
        self.silent = False
        self.secret = "right"
        self.heard: list[dict[str, str]] = []
        self._writers: list[asyncio.StreamWriter] = []

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        writer.write(GREETING)
        try:
            while True:
                block = (await reader.readuntil(b"\r\n\r\n")).decode()
                action = dict(line.split(": ", 1) for line in block.split("\r\n") if ": " in line)
                self.heard.append(action)
                if not self.silent:
                    writer.write(self._answer(action).encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, action: dict[str, str]) -> str:
        fine = action["Action"] != "Login" or action["Secret"] == self.secret
        response = "Success" if fine else "Error"
        message = "fine" if fine else "Authentication failed"
        return (
            f"Response: {response}\r\nActionID: {action['ActionID']}\r\nMessage: {message}\r\n\r\n"
        )

    async def tell(self, *pieces: bytes) -> None:
        """Send pieces as packets of their own."""
        for piece in pieces:
            for writer in self._writers:
                writer.write(piece)
                await writer.drain()
            for _ in range(50):
                await asyncio.sleep(0)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[FakeAmi]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for writer in self._writers:
                writer.close()

"""A pretended Asterisk for the bench: speaks AMI, tells of as many calls as one likes."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

RECORDED = (
    Path(__file__).parents[1] / "tests/telephony/recordings/01_inbound_answered_caller_hangs_up.txt"
)
GREETING = "Asterisk Call Manager/9.0.0\r\n"
END = "\r\n\r\n"
CALLER, EXTENSION = "+79161234567", "102"
ID = re.compile(r"\bpbx-\d+\.(\d)\b")
CHANNEL = re.compile(r"PJSIP/(trunk|102)-0000000(\d)")
STAMP = re.compile(r"(?<=\nTimestamp: )\d+\.\d+")
PHONE = re.compile(r"(?<![\d.])102(?![\d.])")
BRIDGE = re.compile(r"(?<=BridgeUniqueid: )\S+")
# Where the phone rings, and where the two speak.
RINGS, TALKS = "DialStatus: RINGING", "BridgeNumChannels: 2"


class Pbx:
    """`ring`, `answer` and `end` tell of one call each; numbers are chosen by the caller."""

    def __init__(self) -> None:
        self.port = 0
        self.linked = asyncio.Event()
        self._writers: list[asyncio.StreamWriter] = []
        self._ring, self._answer, self._end = _phases(RECORDED.read_bytes().decode())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Pbx]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for writer in self._writers:
                writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GREETING.encode())
        try:
            while True:
                block = (await reader.readuntil(END.encode())).decode()
                writer.write(self._reply(block, writer).encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _reply(self, block: str, writer: asyncio.StreamWriter) -> str:
        action = dict(line.split(": ", 1) for line in block.split("\r\n") if ": " in line)
        said = [f"ActionID: {action['ActionID']}", f"Timestamp: {time.time():.6f}"]
        if action["Action"] != "CoreShowChannels":
            return "\r\n".join(["Response: Success", *said, "Message: fine"]) + END
        # The last thing a hub asks when it comes: from now on it hears events.
        self._writers = [writer]
        self.linked.set()
        begin = "\r\n".join(["Response: Success", *said, "EventList: start"])
        over = ["Event: CoreShowChannelsComplete", *said, "EventList: Complete", "ListItems: 0"]
        return begin + END + "\r\n".join(over) + END

    def ring(self, number: int, caller: str, extension: str) -> str:
        """It begins to ring; the call's key."""
        self._tell(self._ring, number, caller, extension)
        return f"pbx-{number}.0"

    def answer(self, number: int, caller: str, extension: str) -> None:
        self._tell(self._answer, number, caller, extension)

    def end(self, number: int, caller: str, extension: str) -> None:
        self._tell(self._end, number, caller, extension)

    def _tell(self, phase: str, number: int, caller: str, extension: str) -> None:
        text = ID.sub(rf"pbx-{number}.\1", phase)
        text = CHANNEL.sub(rf"PJSIP/\1-{number:07x}\2", text)
        text = BRIDGE.sub(f"bridge-{number}", text)
        text = PHONE.sub(extension, text).replace(CALLER, caller)
        text = STAMP.sub(f"{time.time():.6f}", text)
        for writer in self._writers:
            writer.write(text.encode())


def _phases(text: str) -> tuple[str, str, str]:
    """What is told while it rings, when it is answered, when it ends."""
    blocks = [one for one in text.split(END) if one and not one.startswith("Event: CEL")]
    rings = next(at for at, one in enumerate(blocks) if RINGS in one) + 1
    talks = next(at for at, one in enumerate(blocks) if TALKS in one) + 1
    parts = (blocks[:rings], blocks[rings:talks], blocks[talks:])
    ring, answer, end = ("".join(one + END for one in part) for part in parts)
    return ring, answer, end

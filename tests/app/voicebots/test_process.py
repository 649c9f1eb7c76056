"""The bots' own process: rows taken up at once, killed in mid-call, restarted, without a parent."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.voicebots.keeper import TETHER
from crm_core.accounts.commands import Settings
from crm_core.kernel import db, secrets
from crm_core.kernel.actors import SYSTEM
from crm_core.voicebots import commands, queries
from telephony.voicebot.audiosocket import DIGIT, HEAD, ID, SOUND, frame_of
from tests.waiting import eventually

KEY = "a-key-for-tests"
ROOT = Path(__file__).resolve().parents[3]
SECRET = "a key for processes only"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running(
    dsn: str, data: Path, *roles: str, tethered: bool = False
) -> AsyncIterator[asyncio.subprocess.Process]:
    arguments = [part for role in roles for part in ("--role", role)]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "app", "run", *arguments),
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PULT_DATABASE_URL": dsn,
            "PULT_DATA_DIR": str(data),
            "PULT_SECRET_KEY": SECRET,
            "PULT_HTTP_PORT": "0",
            **({TETHER: "1"} if tethered else {}),
        },
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if not tethered:
            assert process.stdout is not None
            async with asyncio.timeout(60):
                assert b"run" in await process.stdout.readline()
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            async with asyncio.timeout(20):
                await process.wait()


@pytest.fixture
async def database(db_url: str) -> AsyncIterator[str]:
    await db.open_db(db_url, pool=2)
    secrets.use_key(SECRET)
    yield db_url
    await db.close_db()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


async def added(port: int, name: str = "one") -> int:
    config = {"company": "Ромашка", "port": port, "key": KEY}
    return await commands.add(
        SYSTEM,
        kind="audiosocket",
        name=name,
        settings=Settings(config=config, secret_fields=["key"]),
    )


class Caller:
    """The PBX's end of an AudioSocket."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def _ask(self, question: str) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(f"GET {question} HTTP/1.1\r\nHost: bot\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        return answer.decode().rpartition("\r\n\r\n")[2]

    async def ring(self) -> None:
        self.id = await self._ask(f"/call?key={KEY}&caller=%2B79161234567&reason=busy")
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port)
        packed = bytes.fromhex(self.id.replace("-", ""))
        self.writer.write(HEAD.pack(ID, 16) + packed)

    async def hears(self) -> None:
        """Until the bot says something."""
        async with asyncio.timeout(10):
            while True:
                kind, sound = await frame_of(self.reader)
                self.writer.write(HEAD.pack(SOUND, 320) + bytes(320))
                if kind == SOUND and any(sound):
                    return

    def press(self, key: str) -> None:
        self.writer.write(HEAD.pack(DIGIT, 1) + key.encode())


async def listening(port: int) -> None:
    async def there() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    await eventually(there, timeout=30, what="a bot that listens")


async def requests() -> int:
    return int(await db.fetchval("SELECT count(*) FROM request"))


async def test_a_call_cut_by_kill_is_in_the_books(database: str, data: Path) -> None:
    port = free_port()
    await added(port)
    async with running(database, data, "voicebot") as process:
        await listening(port)
        caller = Caller(port)
        await caller.ring()
        await caller.hears()
        caller.press("1")
        await caller.hears()

        async def noted() -> bool:
            folders = list((data / "voicebot" / "calls").glob("*/*/report.json"))
            return bool(folders) and b'"agreed":true' in folders[0].read_bytes()

        await eventually(noted, what="the answer on disk")
        process.kill()
        await process.wait()
        caller.writer.close()
    assert await requests() == 0
    async with running(database, data, "voicebot"):

        async def there() -> bool:
            return await requests() == 1

        await eventually(there, timeout=30, what="the request of the call that was cut")
    assert list((data / "voicebot" / "calls" / "1").iterdir()) == []


async def test_the_hub_keeps_the_bots_alive(database: str, data: Path) -> None:
    """A child of the hub: begun with the first row, started again when killed, gone without."""
    port = free_port()
    async with running(database, data, "worker", "voicebot") as hub:
        bot_id = await added(port)
        await listening(port)
        (child,) = children(hub.pid)
        os.kill(child, signal.SIGKILL)

        async def another() -> bool:
            return [child] != children(hub.pid) != []

        await eventually(another, timeout=30, what="a new child")
        await listening(port)
        await commands.remove(SYSTEM, bot_id=bot_id)

        async def none() -> bool:
            return children(hub.pid) == []

        await eventually(none, timeout=30, what="no child without a bot")


def children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(one) for one in text.split()]


async def test_a_bot_that_cannot_work_says_why(database: str, data: Path) -> None:
    """And a child of the hub ends when its parent is gone."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        bot_id = await added(taken.getsockname()[1])
        async with running(database, data, "voicebot", tethered=True) as process:

            async def broken() -> str | None:
                row = await queries.voicebot(bot_id)
                return row.broken if row else None

            line = await eventually(broken, timeout=30, what="a reason")
            assert process.stdin is not None
            process.stdin.close()
            async with asyncio.timeout(20):
                assert await process.wait() == 0
    assert "address already in use" in str(line).lower()

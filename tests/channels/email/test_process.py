"""Mailboxes as their users have them: connected from the command line, collected by a process
that may be killed."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from sandbox.dovecot.server import free_ports
from tests.channels.email.post import PASSWORD, Box, Post, letter
from tests.faults.hubs import Hub, Hubs
from tests.waiting import eventually

ROOT = Path(__file__).parents[3]
MAILS, OLD, POP_MAILS = 900, 100, 200


@dataclass(slots=True, kw_only=True)
class Installation:
    """A data folder, a database, the programs run on them."""

    folder: Path
    dsn: str
    connection: asyncpg.Connection

    @property
    def environment(self) -> dict[str, str]:
        plain = {key: value for key, value in os.environ.items() if not key.startswith("PULT_")}
        return plain | {
            "PULT_DATA_DIR": str(self.folder),
            "PULT_DATABASE_URL": self.dsn,
            "PULT_SECRET_KEY": "a key for tests only",
            "PYTHONPATH": str(ROOT),
        }

    async def pult(self, *command: str) -> tuple[int, str]:
        """Run a command; its status and what it said."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "app", *command),
            cwd=self.folder,
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(180):
            said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()

    async def connect(self, name: str, *settings: str) -> str:
        """`pult channel add email` that succeeds; what it said."""
        status, said = await self.pult("channel", "add", "email", "--name", name, *settings)
        assert status == 0, said
        return said

    @asynccontextmanager
    async def hub(self) -> AsyncIterator[Hub]:
        """`pult run`, killed at the end."""
        hubs = Hubs(folder=self.folder, environment=self.environment)
        try:
            yield await hubs.start()
        finally:
            await hubs.close()

    async def count(self, what: str = "message") -> int:
        return int(await self.connection.fetchval(f"SELECT count(*) FROM {what}"))

    async def at_least(self, count: int) -> None:
        async def look() -> bool:
            return await self.count() >= count

        await eventually(look, timeout=120, what=f"{count} mails")


@pytest_asyncio.fixture(loop_scope="session")
async def installation(db_url: str, tmp_path: Path) -> AsyncIterator[Installation]:
    connection = await asyncpg.connect(db_url)
    yield Installation(folder=tmp_path, dsn=db_url, connection=connection)
    await connection.close()


def pairs(box: Box, **changes: str | int) -> list[str]:
    usual = {
        "address": box.address,
        "password": PASSWORD,
        "incoming_host": "localhost",
        "incoming_port": box.dovecot.ports["imap"],
        "incoming_security": "none",
        "smtp_host": "localhost",
        "smtp_port": box.dovecot.ports["submission"],
        "smtp_security": "starttls",
        "ca_file": box.authority,
    }
    found = (f"{key}={value}" for key, value in (usual | changes).items())
    return [word for pair in found for word in ("--set", pair)]


async def test_a_large_box_from_a_day_on_survives_a_kill_without_doubles(
    post: Post, installation: Installation
) -> None:
    box = post.box()
    for number in range(OLD):
        box.mail.deliver(letter(f"Old {number}"), at=datetime(2020, 1, 1, tzinfo=UTC).timestamp())
    for number in range(MAILS):
        box.mail.deliver(letter(f"Mail {number}", From=f"c{number % 50}@client.test"))
    said = await installation.connect("Продажи", *pairs(box, since="2026-01-01"))
    assert "работает" in said
    for at in (60, 400):
        async with installation.hub() as hub:
            await installation.at_least(at)
            await hub.kill()
        assert await installation.count() < MAILS, "killed in the middle"
    async with installation.hub():
        await installation.at_least(MAILS)
        box.mail.deliver(letter("Fresh"))
        await installation.at_least(MAILS + 1)
    assert await installation.count() == MAILS + 1
    assert await installation.count("(SELECT DISTINCT text FROM message) AS t") == MAILS + 1
    assert await installation.count("raw_event WHERE state = 'failed'") == 0
    assert box.mail.unread() == OLD + MAILS + 1


@pytest.mark.feature("MAIL-02")
async def test_a_pop3_box_is_collected_once_and_emptied_only_when_told_so(
    post: Post, installation: Installation
) -> None:
    box = post.box()
    for number in range(POP_MAILS):
        box.mail.deliver(letter(f"Mail {number}"))
    pop: dict[str, str | int] = {
        "incoming": "pop3",
        "incoming_port": box.dovecot.ports["pop3"],
        "since": "2026-01-01",
    }
    await installation.connect("Продажи", *pairs(box, **pop))
    async with installation.hub() as hub:
        await installation.at_least(30)
        await hub.kill()
    assert await installation.count() < POP_MAILS, "killed in the middle"
    async with installation.hub():
        await installation.at_least(POP_MAILS)
        box.mail.deliver(letter("Fresh"))
        await installation.connect("Ящик без копий", *pairs(box, **pop, pop_delete="yes"))

        async def emptied() -> bool:
            return box.mail.count() == 0

        await eventually(emptied, timeout=90)
    for channel, collected in ((1, POP_MAILS), (2, POP_MAILS + 1)):
        where = f"message m JOIN dialog d ON d.id = m.dialog_id WHERE d.channel_id = {channel}"
        assert await installation.count(where) >= collected
        assert await installation.count(where) <= POP_MAILS + 1


async def test_wrong_settings_are_told_apart_from_the_command_line(
    post: Post, installation: Installation
) -> None:
    box = post.box()
    (closed,) = free_ports(1)
    lines = []
    wrongs: list[dict[str, str | int]] = [
        {"password": "wrong"},
        {"incoming_host": "no.invalid"},
        {"incoming_port": closed},
    ]
    for number, wrong in enumerate(wrongs):
        status, said = await installation.pult(
            *("channel", "add", "email", "--name", f"Ящик {number}", *pairs(box, **wrong))
        )
        assert status == 1
        assert "Traceback" not in said
        assert "wrong" not in said
        lines.append(said.splitlines()[-1])
    assert len(set(lines)) == 3, lines
    assert "логин или пароль" in lines[0]
    assert "no.invalid" in lines[1]
    assert str(closed) in lines[2]

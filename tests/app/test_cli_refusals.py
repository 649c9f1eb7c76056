"""What a user's mistake gets: one clear line, a status that is not 0, never a traceback."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.botapi import Server, World
from tests.pg import PgServer, open_folder

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:A-token-of-the-right-shape-nobody-has"
CAPACITY = ("user", "add", "--name", "A", "--capacity", "0")
KEYED = ("channel", "add", "telegram", "--name", "A", "--set", "token")
UNKNOWN = ("channel", "add", "telegram", "--name", "A", "--set", "tokn=1")
WRONG = ("channel", "add", "telegram", "--name", "A", "--set", "token=1")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder."""
    with open_folder() as made:
        yield made


async def pult(*command: str, **settings: str) -> tuple[int, list[str]]:
    """Run a command with nothing but these settings; its status and what it complains of."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("PULT_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", *command),
        cwd=ROOT,
        env=plain | settings,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        _, errors = await process.communicate()
    said = errors.decode()
    assert "Traceback" not in said, said
    assert process.returncode is not None
    return process.returncode, [line for line in said.splitlines() if line.startswith("pult")]


async def refusal(*command: str, **settings: str) -> str:
    """The one line of a command that refuses."""
    status, lines = await pult(*command, **settings)
    assert status == 1
    assert len(lines) == 1
    return lines[0]


@pytest.mark.parametrize(
    ("dsn", "words"),
    [
        ("postgresql://pult@127.0.0.1:1/pult", "no connection to 127.0.0.1:1/pult"),
        ("mysql://root@127.0.0.1/pult", "invalid DSN"),
        ("nonsense", "invalid DSN"),
    ],
)
async def test_a_wrong_dsn(folder: Path, dsn: str, words: str) -> None:
    line = await refusal("run", PULT_DATA_DIR=str(folder), PULT_DATABASE_URL=dsn)
    assert words in line


async def test_a_password_is_not_repeated(folder: Path) -> None:
    dsn = "postgresql://pult:open-sesame@127.0.0.1:1/pult"
    line = await refusal("run", PULT_DATA_DIR=str(folder), PULT_DATABASE_URL=dsn)
    assert "open-sesame" not in line


async def test_a_database_that_is_not_there(pg_server: PgServer, folder: Path) -> None:
    dsn = pg_server.dsn.replace("/pult?", "/nosuch?")
    line = await refusal("user", "list", PULT_DATA_DIR=str(folder), PULT_DATABASE_URL=dsn)
    assert 'database "nosuch" does not exist' in line


async def test_a_server_without_the_schema(pg_server: PgServer, folder: Path) -> None:
    dsn = await pg_server.create_database()
    line = await refusal("run", PULT_DATA_DIR=str(folder), PULT_DATABASE_URL=dsn)
    assert "./pult migrate" in line
    await pg_server.drop_database(dsn)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PULT_HTTP_PORT", "eighty", "PULT_HTTP_PORT"),
        ("PULT_HTTP_PORT", "70000", "PULT_HTTP_PORT"),
        ("PULT_LOG_LEVEL", "loud", "PULT_LOG_LEVEL"),
        ("PULT_FILE_LIMIT_MB", "0", "PULT_FILE_LIMIT_MB"),
        ("PULT_BOT_TOKEN", "wrong", "PULT_BOT_TOKEN: a bot token looks like"),
        ("PULT_SECRET_KEY", "short", "at least 16 characters"),
        ("PULT_DATA_DIR", "/dev/null/data", "/dev/null/data can't be used"),
    ],
)
async def test_a_bad_setting(folder: Path, name: str, value: str, words: str) -> None:
    assert words in await refusal("run", **{"PULT_DATA_DIR": str(folder), name: value})


async def test_a_bad_address_of_the_bot_api(folder: Path) -> None:
    settings = {"PULT_BOT_TOKEN": TOKEN, "PULT_TELEGRAM_API_URL": "api.telegram.org"}
    line = await refusal("run", PULT_DATA_DIR=str(folder), **settings)
    assert line.startswith("pult: PULT_TELEGRAM_API_URL: ")


async def test_a_foreign_folder(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "letters.txt").touch()
    assert "choose another PULT_DATA_DIR" in await refusal("run", PULT_DATA_DIR=str(folder))


async def test_a_port_that_is_taken(db_url: str, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        settings = {"PULT_DATABASE_URL": db_url, "PULT_HTTP_PORT": port}
        line = await refusal("run", PULT_DATA_DIR=str(folder), **settings)
    assert line == f"pult: Port {port} of 127.0.0.1 is taken: set PULT_HTTP_PORT to a free one."


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("channel", "add", "fax", "--name", "A"), "Known kinds: "),
        (("channel", "add", "telegram", "--name", "A"), "Setting token: Field required"),
        (WRONG, "Setting token: a bot token looks like"),
        (UNKNOWN, "Unknown setting tokn. Known: token"),
        (KEYED, "--set takes KEY=VALUE, not token"),
        (("channel", "check", "77"), "no channel 77"),
        (("user", "invite", "77"), "no such employee"),
        (("user", "add", "--name", " "), "The name is empty"),
        (CAPACITY, "capacity: Input should be greater than or equal to 1"),
        (("export", "messages", "--out", "/nowhere/x.csv"), "/nowhere/x.csv: No such file"),
        (("backup", "/nowhere/x.backup"), "no backup was written"),
        (("demo",), "unset PULT_DATABASE_URL"),
    ],
    ids=lambda value: " ".join(value[:4]) if isinstance(value, tuple) else "",
)
async def test_a_bad_argument(
    db_url: str, folder: Path, command: tuple[str, ...], words: str
) -> None:
    line = await refusal(*command, PULT_DATA_DIR=str(folder), PULT_DATABASE_URL=db_url)
    assert words in line


@pytest.mark.parametrize("command", [("run", "--role", "cook"), ("frobnicate",), ()])
async def test_a_bad_option(command: tuple[str, ...]) -> None:
    status, lines = await pult(*command)
    assert status == 2
    assert len(lines) == 1


async def test_a_backup_that_is_none(pg_server: PgServer, folder: Path) -> None:
    """Not even with --force does it cost what the database holds."""
    file = folder / "not.backup"
    file.write_text("nonsense")
    dsn = await pg_server.create_database()
    settings = {"PULT_DATA_DIR": str(folder), "PULT_DATABASE_URL": dsn}
    for options in ((), ("--force",)):
        line = await refusal("restore", str(file), *options, **settings)
        assert "is not a backup of Pult" in line
    assert "No such file" in await refusal("restore", str(folder / "none"), **settings)
    await pg_server.drop_database(dsn)


async def test_a_token_that_telegram_refuses(db_url: str, folder: Path) -> None:
    """Well-formed, but nobody's: the account is kept, what is wrong with it is said."""
    async with Server(World()) as url:
        config = ("--set", f"token={TOKEN}", "--set", f"api_url={url}")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app", "channel", "add", "telegram", "--name", "A", *config),
            cwd=ROOT,
            env=os.environ | {"PULT_DATA_DIR": str(folder), "PULT_DATABASE_URL": db_url},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        words, _ = await process.communicate()
    assert process.returncode == 1
    assert "refuses the bot's token" in words.decode().splitlines()[-1]

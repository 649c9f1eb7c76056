"""`pult pbx`: connecting a telephone system from the command line."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.telephony.asterisk.fake_ami import FakeAmi

ROOT = Path(__file__).parents[2]


async def pult(dsn: str, *command: str) -> tuple[int | None, str]:
    """Run `pult pbx …`; its status and everything it says."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("PULT_")}
    settings = {
        "PULT_DATABASE_URL": dsn,
        "PULT_SECRET_KEY": "a key for tests only",
        "PULT_PUBLIC_URL": "https://pult.example",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "pbx", *command),
        cwd=ROOT,
        env=plain | settings,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(60):
        said, _ = await process.communicate()
    assert b"Traceback" not in said, said.decode()
    return process.returncode, said.decode()


async def test_connecting_names_the_cause_and_prints_what_to_paste(db_url: str) -> None:
    async with FakeAmi().running() as server:
        address = ("--set", "host=127.0.0.1", "--set", f"port={server.port}")
        status, said = await pult(
            db_url, "add", "asterisk", "--name", "Office", *address, "--set", "secret=wrong"
        )
    assert status == 1
    assert "wrong user or secret: Authentication failed" in said
    status, said = await pult(db_url, "check", "1")
    assert status == 1
    assert "refused" in said
    assert "manager.conf" in said
    status, said = await pult(db_url, "setup", "1")
    assert status == 0
    assert "https://pult.example/hooks/pbx/1/" in said
    assert "wrong" not in said


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("add", "skype", "--name", "A"), "There is no kind of PBX skype"),
        (("add", "asterisk", "--name", "A", "--set", "host=a"), "Setting secret"),
        (("add", "asterisk", "--name", "A", "--set", "hots=a"), "Unknown setting hots"),
        (("check", "7"), "There is no PBX 7"),
    ],
)
async def test_mistakes_get_one_line(db_url: str, command: tuple[str, ...], words: str) -> None:
    status, said = await pult(db_url, *command)
    assert status == 1
    assert words in said


async def test_how_long_recordings_stay_is_set_and_told(db_url: str) -> None:
    status, said = await pult(db_url, "recordings")
    assert (status, said.splitlines()[0]) == (0, "Recordings stay for ever.")
    await pult(db_url, "recordings", "--days", "180")
    status, said = await pult(db_url, "recordings", "--days", "30", "--queue", "support")
    assert status == 0
    assert said.splitlines()[:2] == [
        "Recordings stay 180 days.",
        "Those of the queue support: 30 days.",
    ]
    status, said = await pult(db_url, "recordings", "--days", "-1")
    assert (status, len(said.splitlines())) == (1, 1)

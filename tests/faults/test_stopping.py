"""Told to stop, a hub finishes what it has in hand and leaves nothing running behind it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.postgres.orphans import processes_of
from sandbox.botapi.faults import Where
from tests.faults.company import Company, received
from tests.faults.hubs import KEY, PATIENCE, ROOT, Hubs, bare, free_port
from tests.pg import open_folder
from tests.waiting import eventually

pytestmark = pytest.mark.faults


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder; whatever still runs in it at the end is killed."""
    with open_folder() as made:
        yield made
        for pid in processes_of(data_of(made)):
            os.kill(pid, signal.SIGKILL)


def data_of(folder: Path) -> Path:
    return folder / "postgres" / "data"


async def test_the_outcome_of_what_is_being_sent_is_written(company: Company) -> None:
    client, dialog, anna = await company.talk()
    bot = company.polled.bot
    company.world.faults.slow(2, Where(bot_id=bot.id, method="sendMessage"))
    message_id = await company.answer(anna, dialog, "при остановке")
    await company.call("sendMessage", bot=bot.id, text="при остановке")
    hub = await company.up()
    assert await hub.stop() == 0
    assert received(client) == ["при остановке"]
    assert await company.statuses(message_id) == ["sent"]
    assert "hub_stopped" in hub.words
    assert "Traceback" not in hub.words


async def test_the_embedded_postgresql_stops_with_it(folder: Path) -> None:
    hubs = Hubs(folder=folder, environment={"PULT_DATA_DIR": str(folder), "PULT_SECRET_KEY": KEY})
    try:
        hub = await hubs.start()
        assert processes_of(data_of(folder))
        assert await hub.stop() == 0
        assert processes_of(data_of(folder)) == []
    finally:
        await hubs.close()


def _ignore() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.mark.parametrize("ignored", [False, True])
@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
async def test_stopped_while_it_starts(
    folder: Path, order: signal.Signals, *, ignored: bool
) -> None:
    """Between the start of PostgreSQL and the hub's own readiness; also when it was started by a
    script in the background, which leaves SIGINT ignored."""
    settings = {"PULT_DATA_DIR": str(folder), "PULT_HTTP_PORT": str(free_port())}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "run"),
        cwd=ROOT,
        env=bare() | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        preexec_fn=_ignore if ignored else None,
    )

    async def started() -> bool:
        return bool(processes_of(data_of(folder)))

    await eventually(started, timeout=PATIENCE, what="PostgreSQL to be started")
    process.send_signal(order)
    async with asyncio.timeout(PATIENCE):
        words, _ = await process.communicate()
    assert processes_of(data_of(folder)) == []
    assert b"Traceback" not in words

"""The embedded server's life: first start, later starts, deaths of every kind."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from app.postgres import EmbeddedPostgres, PostgresRefused, attach
from app.postgres.orphans import processes_of
from tests.pg import FAST, open_folder

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short-named data folder."""
    with open_folder() as made:
        yield made


async def ask(dsn: str, statement: str) -> object:
    """Run one statement over a connection of its own."""
    conn = await asyncpg.connect(dsn)
    try:
        return await conn.fetchval(statement)
    finally:
        await conn.close()


@contextlib.asynccontextmanager
async def holder(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, dict[str, str]]]:
    """Another process that owns the folder's server."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.app.postgres_scenario", str(folder), "--hold"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(await process.stdout.readline())
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def test_russian_words_are_found_and_folded(folder: Path) -> None:
    async with EmbeddedPostgres(folder, settings=FAST) as server:
        assert await ask(server.dsn, "select cardinality(show_trgm('привет'))") == 7
        assert await ask(server.dsn, "select lower('ЁЛКА') = 'ёлка' and 'ЁЛКА' ilike 'ёл%'") is True
        assert await ask(server.dsn, "show server_encoding") == "UTF8"
        assert await ask(server.dsn, "show listen_addresses") == ""


async def test_rows_outlive_a_stop_and_nothing_keeps_running(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    dsn = await server.start()
    await ask(dsn, "create table kept as select 1 as one")
    await server.stop()
    assert processes_of(folder / "postgres" / "data") == []
    assert not (folder / "postgres" / "data" / "postmaster.pid").exists()
    assert await attach(folder) is None
    async with EmbeddedPostgres(folder) as again:
        assert await ask(again.dsn, "select one from kept") == 1


async def test_only_the_owner_can_enter(folder: Path) -> None:
    async with EmbeddedPostgres(folder, settings=FAST):
        home = folder / "postgres"
        assert (home / "data").stat().st_mode & 0o077 == 0
        assert (home / "run").stat().st_mode & 0o077 == 0
        assert (home / "owner.lock").stat().st_mode & 0o077 == 0


async def test_a_start_cut_short_leaves_no_process_and_no_half_made_cluster(folder: Path) -> None:
    server = EmbeddedPostgres(folder, settings=FAST)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await server.start()
    home = folder / "postgres"
    assert processes_of(home / "data") == []
    assert not (home / "making").exists()
    async with EmbeddedPostgres(folder, settings=FAST) as again:
        assert await ask(again.dsn, "select 1") == 1


async def test_a_deep_folder_gets_a_short_socket(folder: Path) -> None:
    deep = folder / ("d" * 60) / ("e f" * 20)
    async with EmbeddedPostgres(deep, settings=FAST) as server:
        assert await ask(server.dsn, "select 1") == 1
        assert await attach(deep) == server.dsn


async def test_a_name_with_spaces_percents_and_quotes(folder: Path) -> None:
    async with EmbeddedPostgres(folder / "мой пульт 100%'+", settings=FAST) as server:
        assert await ask(server.dsn, "select 1") == 1


async def test_another_process_of_ours_finds_the_server(folder: Path) -> None:
    assert await attach(folder) is None
    async with EmbeddedPostgres(folder, settings=FAST) as server:
        assert await attach(folder) == server.dsn


async def test_stop_is_no_death(folder: Path) -> None:
    server = EmbeddedPostgres(folder, settings=FAST)
    await server.start()
    async with asyncio.TaskGroup() as group:
        died = group.create_task(server.wait_died())
        await server.stop()
    assert died.result() is False
    with pytest.raises(PostgresRefused, match="was not started"):
        await server.restart()


@pytest.mark.faults
async def test_a_killed_server_is_noticed_and_started_again(folder: Path) -> None:
    async with EmbeddedPostgres(folder) as server:
        await ask(server.dsn, "create table kept as select 1 as one")
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        assert await server.wait_died() is True
        assert await ask(await server.restart(), "select one from kept") == 1


@pytest.mark.faults
async def test_a_killed_leader_with_a_busy_backend_heals_too(folder: Path) -> None:
    async with EmbeddedPostgres(folder, settings=FAST) as server:
        busy = await asyncpg.connect(server.dsn)
        async with asyncio.TaskGroup() as group:
            endless = group.create_task(_until_cut(busy))
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            await server.wait_died()
            await server.restart()
        assert endless.result() is True
        assert await ask(server.dsn, "select 1") == 1


async def _until_cut(conn: asyncpg.Connection) -> bool:
    try:
        # computes without a look at its leader, so only a signal ends it
        await conn.execute("select count(*) from generate_series(1, 1e10::bigint)")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return True
    return False


@pytest.mark.faults
async def test_the_next_start_ends_the_server_of_a_killed_pult(folder: Path) -> None:
    async with holder(folder) as (process, found):
        process.kill()
        await process.wait()
        orphan = int(found["pid"])
        os.kill(orphan, 0)  # still running, as feared
        async with EmbeddedPostgres(folder, settings=FAST) as server:
            assert server.pid != orphan
            assert processes_of(folder / "postgres" / "data").count(orphan) == 0
            assert await ask(server.dsn, "select text from seen") == "Ёлка"


@pytest.mark.faults
async def test_both_killed(folder: Path) -> None:
    async with holder(folder) as (process, found):
        process.kill()
        os.kill(int(found["pid"]), signal.SIGKILL)
        await process.wait()
        async with EmbeddedPostgres(folder, settings=FAST) as server:
            assert await ask(server.dsn, "select text from seen") == "Ёлка"


async def test_a_stale_pid_of_somebody_else_is_left_alone(folder: Path) -> None:
    async with EmbeddedPostgres(folder, settings=FAST):
        text = (folder / "postgres" / "data" / "postmaster.pid").read_text()
    bystander = await asyncio.create_subprocess_exec("sleep", "600")
    try:
        stale = text.replace(text.split("\n", 1)[0], str(bystander.pid), 1)
        (folder / "postgres" / "data" / "postmaster.pid").write_text(stale)
        async with EmbeddedPostgres(folder, settings=FAST) as server:
            assert await ask(server.dsn, "select 1") == 1
        assert bystander.returncode is None
    finally:
        bystander.kill()
        await bystander.wait()


async def test_a_second_owner_is_refused_by_name(folder: Path) -> None:
    async with holder(folder) as (process, _):
        with pytest.raises(
            PostgresRefused, match=rf"in use by another Pult \(process {process.pid}\)"
        ):
            await EmbeddedPostgres(folder).start()

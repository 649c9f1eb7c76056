"""What the embedded server refuses, and in which words; and what is asked of any server."""

from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from app.postgres import EmbeddedPostgres, PostgresRefused, check_server
from app.postgres.binaries import find_binaries
from app.postgres.cluster import check_space, failure
from app.postgres.home import Home
from tests.pg import FAST, PgServer, open_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short-named data folder."""
    with open_folder() as made:
        yield made


async def refusal(folder: Path, programs: Path | None = None) -> str:
    """Why a start is refused: one line."""
    with pytest.raises(PostgresRefused) as caught:
        await EmbeddedPostgres(folder, bin_dir=programs, settings=FAST).start()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def homes_elsewhere(folder: Path) -> list[Path]:
    """What root's starts left in /var/lib for this folder."""
    notes = Path("/var/lib").glob("pult-*/README")
    return [note.parent for note in notes if str(folder) in note.read_text()]


@pytest.mark.parametrize(("version", "word"), [("99", "newer than"), ("9", "`pult backup`")])
async def test_a_cluster_of_another_version(folder: Path, version: str, word: str) -> None:
    async with EmbeddedPostgres(folder, settings=FAST):
        pass
    mark = folder / "postgres" / "data" / "PG_VERSION"
    kept = mark.read_text()
    mark.write_text(version)
    assert word in await refusal(folder)
    mark.write_text(kept)
    async with EmbeddedPostgres(folder, settings=FAST):  # the refusal has let go of the folder
        pass


async def test_a_folder_with_something_else(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "letters.txt").touch()
    assert "is not empty" in await refusal(folder)


async def test_the_data_of_another_postgresql(folder: Path) -> None:
    (folder / "PG_VERSION").write_text("15")
    assert "another PostgreSQL" in await refusal(folder)


async def test_a_file_in_place_of_the_folder(folder: Path) -> None:
    (folder / "var").touch()
    assert "cannot be used" in await refusal(folder / "var")
    assert homes_elsewhere(folder) == []


async def test_a_folder_without_programs(folder: Path) -> None:
    assert "holds no PostgreSQL programs" in await refusal(folder, folder)


async def test_programs_that_do_not_run(folder: Path) -> None:
    for name in ("postgres", "initdb"):
        (folder / name).write_text("#!/bin/sh\necho wrong machine; exit 1\n")
        (folder / name).chmod(0o755)
    with pytest.raises(PostgresRefused, match="does not run on this machine: wrong machine"):
        await find_binaries(folder)


async def test_programs_too_old(folder: Path) -> None:
    for name in ("postgres", "initdb"):
        (folder / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
        (folder / name).chmod(0o755)
    with pytest.raises(PostgresRefused, match=r"is PostgreSQL 14\.9: version 15 or newer"):
        await find_binaries(folder)


async def test_a_damaged_cluster_speaks_for_itself(folder: Path) -> None:
    async with EmbeddedPostgres(folder, settings=FAST):
        pass
    (folder / "postgres" / "data" / "global" / "pg_control").unlink()
    assert "did not start; it said:" in await refusal(folder)
    assert "pg_control" in await refusal(folder)


def test_a_full_disk() -> None:
    with pytest.raises(PostgresRefused, match="the disk is full: 0 MB are free"):
        check_space(Home(Path("/proc")))
    said = 'FATAL:  could not write to file "pg_wal/xlogtemp.30": No space left on device'
    assert "make room" in str(failure(Home(Path("/x")), said))


async def test_a_sound_server_passes(pg_server: PgServer) -> None:
    dsn = await pg_server.create_database()
    await check_server(dsn)
    await pg_server.drop_database(dsn)


@pytest.mark.parametrize(
    ("how", "word"),
    [
        ("encoding 'UTF8' locale 'C' template template0", "LC_CTYPE knows no Cyrillic"),
        ("encoding 'LATIN1' locale 'C' template template0", "encoded in LATIN1"),
    ],
)
async def test_an_unsound_database(pg_server: PgServer, how: str, word: str) -> None:
    conn = await asyncpg.connect(pg_server.dsn.replace("/pult?", "/postgres?"))
    try:
        provider = "" if "LATIN1" not in how else " locale_provider 'libc'"
        await conn.execute(f"create database unsound {how}{provider}")
        with pytest.raises(PostgresRefused, match=word):
            await check_server(pg_server.dsn.replace("/pult?", "/unsound?"))
        await conn.execute("drop database unsound")
    finally:
        await conn.close()


async def test_pg_trgm_that_only_the_owner_may_create(pg_server: PgServer) -> None:
    dsn = await pg_server.create_database()
    conn = await asyncpg.connect(dsn)
    try:
        await conn.execute("drop extension pg_trgm; create role guest login")
        with pytest.raises(PostgresRefused, match="may not create the extension pg_trgm"):
            await check_server(dsn.replace("pult@", "guest@"))
        await conn.execute("drop role guest")
    finally:
        await conn.close()
    await check_server(dsn)  # the owner creates it in passing
    await pg_server.drop_database(dsn)


@pytest.mark.parametrize(
    ("dsn", "word"),
    [
        ("postgresql://pult:secret@127.0.0.1:1/pult", "no connection to 127.0.0.1:1/pult: "),
        ("mysql://pult:secret@db/pult", "no connection to db/pult: "),
        ("postgresql://pult:secret@db:x/pult", "no connection to PULT_DATABASE_URL: "),
        ("postgresql://pult:secret@host.invalid/pult", "no connection to host.invalid/pult: "),
    ],
)
async def test_a_wrong_address(dsn: str, word: str) -> None:
    with pytest.raises(PostgresRefused) as caught:
        await check_server(dsn)
    assert str(caught.value).startswith(word)
    assert "secret" not in str(caught.value)

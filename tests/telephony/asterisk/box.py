"""A real Asterisk in a private folder: set up once per machine, started once per session."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.testing import asterisk_home

PLACE = Path(__file__).resolve().parent
PASSWORD = "phone-test-secret"
AMI_USER, AMI_SECRET = "hub", "hub-test-secret"


def unpacked() -> Path:
    """Asterisk's folder; where it can't be had the tests are skipped with the reason, on CI they
    fail."""
    place = asterisk_home()
    place.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "AST_HOME": str(place)}
    result = subprocess.run(
        [str(PLACE / "setup.sh")], env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode:
        last = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        line = f"no Asterisk (apt-get, dpkg-deb and a Debian mirror are needed): {last}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(line)
    return place


@dataclass(frozen=True)
class Box:
    """An Asterisk instance: its folder and the ports of this run."""

    folder: Path
    environment: dict[str, str]

    def port(self, name: str) -> int:
        return int(self.environment[f"{name}_PORT"])

    @property
    def log_file(self) -> Path:
        """Its own log of calls."""
        return self.folder / "log" / "cdr-csv" / "Master.csv"

    def run(self, *arguments: str) -> str:
        result = subprocess.run(
            [str(PLACE / "pbx.sh"), *arguments],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr + result.stdout
        return result.stdout

    def start(self, dialplan: str | None = None) -> None:
        """Start, with more dialplan behind the template's."""
        if dialplan is not None:
            self.run("render", str(self.folder))
            with (self.folder / "etc" / "extensions.conf").open("a") as file:
                file.write(dialplan)
        self.run("start", str(self.folder))

    def stop(self) -> None:
        self.run("stop", str(self.folder))

    def kill(self) -> None:
        """As a power cut would."""
        pid = int((self.folder / "run" / "asterisk.pid").read_text())
        os.kill(pid, signal.SIGKILL)

    def console(self, line: str) -> str:
        return self.run("cli", str(self.folder), line)

    def wipe(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def made(folder: Path) -> Box:
    """A box with free ports, not started yet."""
    environment = {"AST_HOME": str(unpacked()), "AST_TEMPLATES": str(PLACE / "etc")}
    box = Box(folder, environment)
    for line in box.run("ports").splitlines():
        for pair in line.removeprefix("export ").split():
            name, _, value = pair.partition("=")
            environment[name] = value
    return box

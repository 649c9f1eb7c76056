"""One private Asterisk: its folder, its ports, its life."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.asterisk.place import HERE, home

PASSWORD = "phone-test-secret"  # noqa: S105 - opens nothing outside this machine
AMI_USER, AMI_SECRET = "hub", "hub-test-secret"


@dataclass(frozen=True)
class Box:
    """An Asterisk instance: its folder and the ports of this run."""

    folder: Path
    environment: dict[str, str]

    def port(self, name: str) -> int:
        return int(self.environment[f"{name}_PORT"])

    @property
    def server(self) -> tuple[str, int]:
        """Where phones register."""
        return "127.0.0.1", self.port("SIP")

    @property
    def outside(self) -> tuple[str, int]:
        """Where the provider's line comes from."""
        return "127.0.0.2", self.port("TRUNK")

    @property
    def log_file(self) -> Path:
        """Its own log of calls."""
        return self.folder / "log" / "cdr-csv" / "Master.csv"

    @property
    def recordings(self) -> Path:
        return self.folder / "recordings"

    def run(self, *arguments: str) -> str:
        """What `pbx.sh` says; AssertionError with its complaint when it can't."""
        result = subprocess.run(  # noqa: S603 - our own script
            self.command(*arguments),
            env=self.surroundings(),
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise AssertionError(result.stderr + result.stdout)
        return result.stdout

    def command(self, *arguments: str) -> tuple[str, ...]:
        return (str(HERE / "pbx.sh"), *arguments)

    def surroundings(self, **more: str) -> Mapping[str, str]:
        return {**os.environ, **self.environment, **more}

    def render(self, dialplan: str = "") -> None:
        """Write its configuration, with more dialplan behind the template's."""
        self.run("render", str(self.folder))
        with (self.folder / "etc" / "extensions.conf").open("a") as file:
            file.write(dialplan)

    def start(self, dialplan: str | None = None) -> None:
        """Start in the background; returns when it is fully booted."""
        if dialplan is not None:
            self.render(dialplan)
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
    """A box with free ports, not started yet; Asterisk was set up."""
    environment = {"AST_HOME": str(home()), "AST_TEMPLATES": str(HERE / "etc")}
    box = Box(folder, environment)
    for line in box.run("ports").splitlines():
        for pair in line.removeprefix("export ").split():
            name, _, value = pair.partition("=")
            environment[name] = value
    return box

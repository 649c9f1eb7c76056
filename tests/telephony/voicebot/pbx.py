"""A real Asterisk in a private folder, with our own dialplan beside the templates'."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.telephony.voicebot.sounds import to_ulaw

PLACE = Path(__file__).resolve().parents[1] / "asterisk"
TEMPLATES = PLACE / "etc"
SCENARIO = Path(__file__).with_name("caller.xml")
PASSWORD = "phone-test-secret"


def home() -> Path:
    """Where Asterisk is unpacked to, once for all runs."""
    if found := os.environ.get("AST_HOME"):
        return Path(found)
    if os.geteuid() == 0:
        return Path("/opt/asterisk-private")
    return Path.home() / ".cache" / "pult" / "asterisk"


def installed() -> Path:
    """Asterisk unpacked; else the tests that need it are skipped, on CI they fail."""
    place = home()
    place.parent.mkdir(parents=True, exist_ok=True)
    result = subprocess.run(
        [str(PLACE / "setup.sh")],
        env={**os.environ, "AST_HOME": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        line = "Asterisk could not be set up (it needs apt-get and a Debian mirror): "
        line += result.stderr.strip().splitlines()[-1] if result.stderr.strip() else "no reason"
        if os.environ.get("CI") == "true":
            pytest.fail(line, pytrace=False)
        pytest.skip(line)
    return place


@dataclass(frozen=True)
class Pbx:
    """A running Asterisk: its folder and the ports of this run."""

    folder: Path
    env: dict[str, str]

    def port(self, name: str) -> int:
        return int(self.env[f"{name}_PORT"])

    def run(self, *arguments: str) -> str:
        result = subprocess.run(
            [str(PLACE / "pbx.sh"), *arguments],
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    def start(self, dialplan: str) -> None:
        self.run("render", str(self.folder))
        with (self.folder / "etc" / "extensions.conf").open("a") as file:
            file.write(dialplan)
        self.run("start", str(self.folder))

    def command(self, line: str) -> str:
        return self.run("cli", str(self.folder), line)

    def stop(self) -> None:
        self.run("stop", str(self.folder))
        shutil.rmtree(self.folder, ignore_errors=True)


def made(folder: Path) -> Pbx:
    """One with free ports, not started yet."""
    env = {"AST_HOME": str(installed())}
    pbx = Pbx(folder, env)
    for line in pbx.run("ports").replace("export ", "").split():
        name, _, value = line.partition("=")
        env[name] = value
    return pbx


async def dialled_by_sipp(pbx: Pbx, number: str, said: bytes, folder: Path) -> None:
    """SIPp calls from the trunk, says a word after two seconds, hangs up two seconds later."""
    (folder / "said.ulaw").write_bytes(b"\xff" * 16000 + to_ulaw(said) + b"\xff" * 16000)
    seconds = 4 + len(said) / 16000
    scenario = SCENARIO.read_text().replace("@NUMBER@", number)
    scenario = scenario.replace("@SOUND@", str(folder / "said.ulaw"))
    scenario = scenario.replace("@MILLISECONDS@", str(int(seconds * 1000)))
    (folder / "caller.xml").write_text(scenario)
    process = await asyncio.create_subprocess_exec(
        str(Path(pbx.env["AST_HOME"]) / "bin" / "sipp"),
        *("-sf", str(folder / "caller.xml"), "-i", "127.0.0.2", "-mi", "127.0.0.2"),
        *("-m", "1", "-nostdin", "-timeout", "30", f"127.0.0.1:{pbx.port('SIP')}"),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode(errors="replace")[-2000:]

"""A real Asterisk in a private folder, with our own dialplan beside the templates'."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sandbox.asterisk import box as sandbox_box
from sandbox.asterisk.box import Box
from tests.telephony.asterisk.box import require
from tests.telephony.voicebot.sounds import to_ulaw

SCENARIO = Path(__file__).with_name("caller.xml")


class Pbx(Box):
    """A running Asterisk with a voice bot's dialplan."""


def made(folder: Path) -> Pbx:
    """One with free ports, not started yet."""
    require()
    box = sandbox_box.made(folder)
    return Pbx(box.folder, box.environment)


async def dialled_by_sipp(pbx: Pbx, number: str, said: bytes, folder: Path) -> None:
    """SIPp calls from the trunk, says a word after two seconds, hangs up two seconds later."""
    (folder / "said.ulaw").write_bytes(b"\xff" * 16000 + to_ulaw(said) + b"\xff" * 16000)
    seconds = 4 + len(said) / 16000
    scenario = SCENARIO.read_text().replace("@NUMBER@", number)
    scenario = scenario.replace("@SOUND@", str(folder / "said.ulaw"))
    scenario = scenario.replace("@MILLISECONDS@", str(int(seconds * 1000)))
    (folder / "caller.xml").write_text(scenario)
    process = await asyncio.create_subprocess_exec(
        str(Path(pbx.environment["AST_HOME"]) / "bin" / "sipp"),
        *("-sf", str(folder / "caller.xml"), "-i", "127.0.0.2", "-mi", "127.0.0.2"),
        *("-m", "1", "-nostdin", "-timeout", "30", f"127.0.0.1:{pbx.port('SIP')}"),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode(errors="replace")[-2000:]

"""In the hub: keeps the bots' own process alive while there is a bot."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import structlog

from crm_core.kernel.wake import Wakeups, wait
from crm_core.voicebots.commands import TOPIC
from crm_core.voicebots.queries import voicebots

log = structlog.get_logger(__name__)

ROOT = Path(__file__).resolve().parents[2]
TETHER = "PULT_VOICEBOT_TETHER"  # set for a child: it ends when its standard input does
LOOK, WATCH = 30.0, 2.0  # seconds between looks without and with a child
GRACE = 10.0  # seconds a child gets to hang up


class Keeper:
    """A child that dies is started again at the next look."""

    def __init__(self, wakeups: Wakeups) -> None:
        self._wakeups = wakeups
        self._child: asyncio.subprocess.Process | None = None

    async def run(self) -> None:
        try:
            with self._wakeups.event(TOPIC) as stirred:
                while True:
                    await self._look()
                    await wait(stirred, LOOK if self._child is None else WATCH)
        finally:
            await self._end()

    async def _look(self) -> None:
        wanted = bool(await voicebots(active_only=True))
        if self._child is not None and self._child.returncode is not None:
            log.error("voicebots_died", status=self._child.returncode)
            self._child = None
        if wanted and self._child is None:
            self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "app", "run", "--role", "voicebot"),
                stdin=asyncio.subprocess.PIPE,
                start_new_session=True,  # Ctrl+C is ours; we end it in order
                env={**os.environ, "PYTHONPATH": str(ROOT), TETHER: "1"},
            )
        elif not wanted:
            await self._end()

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is None or child.returncode is not None:
            return
        if child.stdin is not None:
            child.stdin.close()
        try:
            async with asyncio.timeout(GRACE):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()

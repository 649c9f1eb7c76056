"""The bots' own process: `pult run --role voicebot`; beside other roles it is a child of theirs."""

from __future__ import annotations

import asyncio
import os
import sys

import structlog

from app import database
from app.settings import Settings
from app.stopping import until_stopped
from app.voicebots.books import Books
from app.voicebots.keeper import TETHER
from app.voicebots.service import VoiceBots
from assistant.speech.recogniser import Models
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups
from telephony.voicebot.building import Surroundings
from telephony.voicebot.hearing import Deaf, Hearing

log = structlog.get_logger(__name__)


async def run(settings: Settings) -> None:
    """The whole process, until it is told to stop (or its parent is gone)."""
    models = Models(settings.vosk_models)

    async def around(language: str) -> Surroundings:
        """Refused when the model of this language can't be loaded."""
        hearing: Hearing = Deaf()
        if language in models.languages:
            await asyncio.to_thread(models.load, language)
            hearing = models
        return Surroundings(hearing=hearing, outcome=Books(), data=settings.data_dir / "voicebot")

    wakeups, supervisor = Wakeups(), Supervisor()
    async with database.opened(settings):
        supervisor.start("wakeups", wakeups.run)
        await wakeups.listening.wait()
        supervisor.start("voicebots", VoiceBots(around, wakeups).run)
        log.info("voicebots_started", speech=models.languages)
        tethered = bool(os.environ.get(TETHER))
        if not tethered:
            print("The voice bots run. Stop them with Ctrl+C.", flush=True)
        try:
            await (until_alone() if tethered else until_stopped())
        finally:
            await supervisor.stop()


async def until_alone() -> None:
    """Until the parent closes our standard input (or dies)."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()

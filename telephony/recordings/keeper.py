"""Brings recordings from PBXs into the store and makes the copies that phones play."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import aiohttp
import structlog

from crm_core.files.store import Stored, TooLarge, store
from crm_core.kernel import wake
from crm_core.kernel.i18n import N_
from crm_core.kernel.wake import Wakeups
from crm_core.recordings import keeping, retention
from crm_core.recordings.keeping import Due, Kept
from telephony.recordings import sources
from telephony.recordings.names import NotThere, Shelf
from telephony.recordings.wave import BadSound, Sound

log = structlog.get_logger(__name__)

POLL, SWEEP = 5.0, 1800.0
# Standing still for so long, a file is whole.
STILL = timedelta(seconds=1)
MAX_ATTEMPTS = 10
LARGEST = 2**30
NO_SHELF = N_("it is not set where this PBX keeps its recordings")
NOT_FOUND = N_("the PBX does not have the file")
NOT_GIVEN = N_("the PBX does not give the file")
NO_SOUND = N_("there is no sound in the file")
TOO_LARGE = N_("the file is too large")

ShelfOf = Callable[[int | None], Awaitable[Shelf | None]]


class Keeper:
    """One worker of many; `shelf_of` says where a PBX keeps its recordings."""

    def __init__(self, shelf_of: ShelfOf, wakeups: Wakeups) -> None:
        self._shelf_of = shelf_of
        self._wakeups = wakeups

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._work())
            tasks.create_task(self._sweep())

    async def _work(self) -> None:
        with self._wakeups.event(keeping.TOPIC) as stirred:
            while True:
                stirred.clear()
                if not await self.step():
                    await wake.wait(stirred, POLL)

    async def _sweep(self) -> None:
        while True:
            if gone := await retention.sweep():
                log.info("recordings_removed", count=gone)
            await asyncio.sleep(SWEEP)

    async def step(self) -> bool:
        """Look at one recording; False when none is due."""
        due = await keeping.take()
        if due is None:
            return False
        try:
            await self._look(due)
        except TooLarge:
            await keeping.give_up(due, TOO_LARGE)
        except BadSound:
            await keeping.give_up(due, NO_SOUND)
        except NotThere as error:
            await self._later(due, NOT_FOUND, str(error))
        except (OSError, TimeoutError, aiohttp.ClientError) as error:
            await self._later(due, NOT_GIVEN, str(error))
        except Exception as error:
            log.exception("recording_not_taken", call=due.call_id)
            await self._later(due, NOT_GIVEN, repr(error))
        return True

    async def _look(self, due: Due) -> None:
        shelf = await self._shelf_of(due.pbx_id)
        if shelf is None:
            await keeping.give_up(due, NO_SHELF)
            return
        if shelf.folder is not None:
            size = await sources.size_of(due.source, shelf, due.made_at)
            if size != due.seen:  # it may still be growing
                await keeping.look_again(due, STILL, seen=size)
                return
        chunks = sources.read(due.source, shelf, due.made_at)
        original = await store().put(chunks, limit=LARGEST)
        sound, copy = await playable(original)
        kept = Kept(original=original, copy=copy, duration_ms=sound.duration_ms, bars=sound.bars)
        await keeping.stored(due, kept)
        log.info("recording_stored", call=due.call_id, ms=sound.duration_ms, size=copy.size)

    async def _later(self, due: Due, reason: str, what: str) -> None:
        if due.attempts >= MAX_ATTEMPTS:
            await keeping.give_up(due, reason)
            return
        await keeping.look_again(due, timedelta(seconds=min(2**due.attempts, 600)))
        log.info("recording_postponed", call=due.call_id, reason=what[:120])


async def playable(original: Stored) -> tuple[Sound, Stored]:
    """The copy that phones play, in the store; raises BadSound."""
    from telephony.recordings import audio  # noqa: PLC0415 - 30 MB until the first recording

    with tempfile.TemporaryDirectory(prefix="pult-sound-") as folder:
        target = Path(folder) / "copy.ogg"
        source = store().path(original.sha)
        sound = await asyncio.to_thread(audio.convert, source, target)
        content = await asyncio.to_thread(target.read_bytes)
        return sound, await store().put_bytes(content)

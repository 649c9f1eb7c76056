"""The bots of this process: one service per active row, taken up and let go as rows change."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from crm_core.kernel.errors import CrmError
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups, wait
from crm_core.voicebots.commands import TOPIC, set_broken
from crm_core.voicebots.queries import VoiceBotRow, voicebots
from telephony.voicebot import building
from telephony.voicebot.building import Surroundings
from telephony.voicebot.config import CONFIGS
from telephony.voicebot.contract import Transport

log = structlog.get_logger(__name__)

LOOK = 30.0  # seconds between looks at the rows when nothing stirs
AGAIN = 30.0  # seconds before a bot that can't work tries again


Around = Callable[[str], Awaitable[Surroundings]]


class VoiceBots:
    """Runs until cancelled."""

    def __init__(self, around: Around, wakeups: Wakeups, again: float = AGAIN) -> None:
        """`around` gives a bot of a language what it needs."""
        self._around, self._wakeups, self._again = around, wakeups, again
        self._bots = Supervisor()
        self._running: dict[int, int] = {}  # row -> revision

    async def run(self) -> None:
        try:
            with self._wakeups.event(TOPIC) as stirred:
                while True:
                    await self._refresh()
                    await wait(stirred, LOOK)
        finally:
            await self._bots.stop()

    async def _refresh(self) -> None:
        rows = {row.id: row for row in await voicebots(active_only=True)}
        for bot_id, revision in list(self._running.items()):
            if bot_id not in rows or rows[bot_id].revision != revision:
                del self._running[bot_id]
                await self._bots.cancel(f"voicebot-{bot_id}")
        for row in rows.values():
            if row.id not in self._running:
                self._running[row.id] = row.revision
                self._bots.start(f"voicebot-{row.id}", self._service(row))

    def _service(self, row: VoiceBotRow) -> Callable[[], Awaitable[None]]:
        async def serve() -> None:
            while True:
                try:
                    await self._serve(row)
                except (CrmError, OSError) as error:
                    line = str(error)
                log.error("voicebot_broken", bot=row.name, reason=line)
                await set_broken(row.id, line)
                await asyncio.sleep(self._again)

        return serve

    async def _serve(self, row: VoiceBotRow) -> None:
        config = CONFIGS[row.kind].model_validate(row.config)
        transport = building.transport(config)
        bot = building.bot(row.id, config, await self._around(config.language))
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(bot.sweep())
                group.create_task(_mended(transport, row.id))
                await transport.serve(bot.answering)
        except BaseExceptionGroup as group_error:
            raise _first(group_error) from None


async def _mended(transport: Transport, bot_id: int) -> None:
    await transport.ready.wait()
    await set_broken(bot_id, None)


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error

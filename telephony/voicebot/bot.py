"""A voice bot: takes the calls of its transport, holds conversations, hands in the reports."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from crm_core.kernel import clock
from telephony.voicebot.contract import Line
from telephony.voicebot.conversation import Conversation, Parts
from telephony.voicebot.hearing import Deaf
from telephony.voicebot.incoming import Incoming
from telephony.voicebot.report import Outcome, Report
from telephony.voicebot.shapes import Setup, Slots
from telephony.voicebot.tape import Shelf
from telephony.voicebot.understanding import Topic

log = structlog.get_logger(__name__)

PATIENT = 1.0  # seconds the books may take to say who calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How this bot talks. `person` is the number at which people answer ("" when none does)."""

    bot_id: int
    language: str
    company: str
    timezone: ZoneInfo
    person: str = ""
    topics: tuple[Topic, ...] = ()
    most: int = 20  # calls at once; the next ones go to people


class Bot:
    """`answering` is what a transport calls for every line."""

    def __init__(self, manner: Manner, parts: Parts, shelf: Shelf, outcome: Outcome) -> None:
        self._manner, self._parts, self._shelf, self._outcome = manner, parts, shelf, outcome
        self.busy: set[str] = set()  # folders' names of the calls under way

    async def answering(self, line: Line) -> None:
        folder = self._shelf.folder(line.incoming.id)
        if len(self.busy) >= self._manner.most or folder.name in self.busy:
            log.warning("voicebot_full", calls=len(self.busy))
            await self._to_people(line)
            return
        self.busy.add(folder.name)
        try:
            await self._talk(line)
        except asyncio.CancelledError:
            # It is we who have to stop, not the caller.
            await self._to_people(line)
            raise
        except Exception:
            log.exception("voicebot_call_failed", call=line.incoming.id)
            await self._to_people(line)
        finally:
            self.busy.discard(folder.name)
        await self.hand_in()

    async def _to_people(self, line: Line) -> None:
        if self._manner.person:
            await line.move(self._manner.person)
        else:
            await line.hang_up()

    async def _talk(self, line: Line) -> None:
        incoming = line.incoming
        tape = await asyncio.to_thread(self._shelf.tape, incoming.id)
        try:
            await line.answer()
            setup = await self._setup(incoming)
            report = Report(
                bot_id=self._manner.bot_id,
                call=incoming,
                began=clock.now(),
                seconds=0,
                slots=Slots(name=setup.known),
                step="offer",
            )
            await Conversation(line, setup, self._parts, tape, report).run()
        finally:
            tape.close()

    async def _setup(self, incoming: Incoming) -> Setup:
        manner = self._manner
        return Setup(
            language=manner.language,
            company=manner.company,
            now=clock.now().astimezone(manner.timezone),
            reason=incoming.reason,
            person=manner.person,
            number=incoming.number,
            known=await self._known(incoming.number),
            topics=manner.topics,
            deaf=isinstance(self._parts.hearing, Deaf),
        )

    async def _known(self, number: str) -> str:
        """The books being slow or away must not keep a caller waiting."""
        if not number:
            return ""
        try:
            async with asyncio.timeout(PATIENT):
                return await self._outcome.known(number)
        except Exception as error:  # noqa: BLE001 - the call goes on without a name
            log.warning("voicebot_client_unknown", error=repr(error))
            return ""

    async def hand_in(self) -> None:
        """Bring every finished call into the books; one that can't be waits for the next time."""
        try:
            left = await asyncio.to_thread(self._shelf.left)
        except OSError:
            log.exception("voicebot_shelf_unreadable")
            return
        for folder in left:
            if folder.name not in self.busy:
                await self._hand_in(folder)

    async def _hand_in(self, folder: Path) -> None:
        self.busy.add(folder.name)
        try:
            found = await asyncio.to_thread(self._shelf.read, folder)
            if found is not None:
                report, recording = found
                await self._outcome.take(report, recording)
            await asyncio.to_thread(self._shelf.discard, folder)
        except Exception:
            log.exception("voicebot_report_waits", folder=folder.name)
        finally:
            self.busy.discard(folder.name)

    async def sweep(self, every: float = 60.0) -> None:
        """What earlier processes and failures left behind, again and again."""
        while True:
            await self.hand_in()
            await asyncio.sleep(every)

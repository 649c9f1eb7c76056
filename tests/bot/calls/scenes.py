"""Calls that ring, are spoken and end, as a PBX adapter tells of them."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import orjson

from crm_core.accounts.commands import Settings
from crm_core.calls import connecting
from crm_core.calls.record import record
from crm_core.calls.shapes import CallSeen, LegSeen
from crm_core.clients import commands as clients
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from tests.bot.rig import Rig

NUMBER, SHOWN = "+79161234567", "+7 916 123-45-67"


async def phone(rig: Rig, name: str, extension: str, **rest: Any) -> Person:
    """An employee with a phone in the PBX."""
    person = await rig.employee(name, **rest)
    await db.execute(
        "UPDATE employee SET extension = $2 WHERE telegram_id = $1", person.user.id, extension
    )
    return person


async def client(name: str = "Пётр Иванов", *, manager: int | None = None, **rest: Any) -> int:
    """A card with the number that calls."""
    made = await clients.create(SYSTEM, name=name, phone=rest.get("phone", NUMBER))
    if manager:
        await clients.set_manager(SYSTEM, client_id=made.client_id, manager_id=manager)
    return made.client_id


async def pbx() -> int:
    found: int | None = await db.fetchval("SELECT min(id) FROM pbx")
    if found is not None:
        return found
    return await connecting.add(
        SYSTEM, kind="asterisk", name="office", settings=Settings(config={})
    )


@dataclasses.dataclass(kw_only=True)
class Line:
    """One call; every step is told to Pult as the adapter would."""

    seen: CallSeen

    async def _tell(self, **change: Any) -> None:
        self.seen = dataclasses.replace(self.seen, **change)
        await record(await pbx(), [self.seen])

    @property
    async def id(self) -> int:
        found: int = await db.fetchval("SELECT id FROM call WHERE key = $1", self.seen.key)
        return found

    async def ring(self, *extensions: str) -> None:
        """These phones begin to ring."""
        legs = [_leg(self.seen.key, one) for one in extensions]
        await self._tell(legs=(*self.seen.legs, *legs))

    async def answer(self, extension: str) -> None:
        """One takes it, the others stop ringing."""
        now = clock.now()
        legs = tuple(
            dataclasses.replace(one, answered_at=now)
            if one.extension == extension
            else dataclasses.replace(one, outcome=one.outcome or "elsewhere", ended_at=now)
            for one in self.seen.legs
        )
        wait = (now - self.seen.started_at).total_seconds()
        await self._tell(state="talking", answered_at=now, legs=legs, wait_seconds=wait)

    async def hold(self, *, on: bool) -> None:
        await self._tell(state="held" if on else "talking")

    async def hang_up(self, *, seconds: float = 65, **rest: Any) -> None:
        """It ends; whoever spoke did so for so long."""
        spoke = self.seen.answered_at
        ended = (spoke or clock.now()) + timedelta(seconds=seconds if spoke else 0)
        legs = tuple(_over(one, seconds, ended) for one in self.seen.legs)
        outcome = rest.pop("outcome", "answered" if spoke else "missed")
        talk = {"talk_seconds": seconds} if spoke else {}
        await self._tell(state="ended", ended_at=ended, outcome=outcome, legs=legs, **talk, **rest)


def _leg(key: str, extension: str, **rest: Any) -> LegSeen:
    how = rest.pop("how", "ring")
    return LegSeen(key=f"{key}.{extension}", extension=extension, how=how, rang_at=clock.now())


def _over(one: LegSeen, seconds: float, ended: Any) -> LegSeen:
    if one.outcome is not None:
        return one
    if one.answered_at is None:
        return dataclasses.replace(one, outcome="no_answer", ended_at=ended)
    return dataclasses.replace(one, outcome="answered", ended_at=ended, talk_seconds=seconds)


async def incoming(*extensions: str, key: str = "k.1", **rest: Any) -> Line:
    """A client calls and these phones ring."""
    given: dict[str, Any] = {
        "key": key,
        "direction": "inbound",
        "state": "ringing",
        "started_at": clock.now(),
        "number": NUMBER,
    } | rest
    line = Line(seen=CallSeen(**given))
    await line.ring(*extensions)
    return line


async def outgoing(extension: str, key: str = "k.9", **rest: Any) -> Line:
    """Somebody calls out from their phone."""
    given: dict[str, Any] = {
        "key": key,
        "direction": "outbound",
        "state": "ringing",
        "started_at": clock.now(),
        "number": NUMBER,
        "legs": (_leg(key, extension, how="caller"),),
    } | rest
    line = Line(seen=CallSeen(**given))
    await record(await pbx(), [line.seen])
    return line


def pops(person: Person) -> list[Message]:
    """Cards of calls in the person's chat."""
    return [one for one in person.received() if one.text.startswith("📞")]


async def popped(rig: Rig, person: Person) -> Message:
    """The newest card, once everything has settled."""
    await rig.settled()
    return pops(person)[-1]


async def orders() -> list[tuple[str, dict[str, Any]]]:
    """What the PBX was asked to do by people: (verb, arguments). Shifts pause by themselves."""
    rows = await db.fetch("SELECT verb, data FROM call_order WHERE verb <> 'pause' ORDER BY id")
    return [(row["verb"], orjson.loads(row["data"])) for row in rows]

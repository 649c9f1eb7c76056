"""The demo's telephone network: clients outside and desk phones inside, over a real Asterisk."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_core.kernel.supervisor import Crew
from sandbox.asterisk.box import PASSWORD, Box
from sandbox.asterisk.dialogue import Dialogue, Line
from sandbox.asterisk.phone import Leg, Phone
from sandbox.asterisk.sightings import Sightings
from sandbox.asterisk.voice import SILENCE, say_ulaw
from sandbox.stage.config import Json, Words
from sandbox.stage.errors import StageError
from sandbox.stage.windows import Watchers

# Phones register for longer than they wait; a PBX hangs up on who is silent for half a minute.
REGISTERED, REGISTER_EVERY, BREATH = 7000, 3000.0, 10.0
STRANGER_ANSWERS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A client with a telephone; `number` in E.164. `lines`: what is said, the company first."""

    id: str
    name: Words
    number: str
    lines: Sequence[Line]
    about: Words = ""


class Exchange(Watchers):
    """Keeps `sandbox.stage.telephone.Telephone`. `desks`: a manager's key -> extension."""

    def __init__(self, number: str, callers: Sequence[Caller], desks: Mapping[str, str]) -> None:
        super().__init__()
        self._number, self._callers, self._desks = number, callers, desks
        self._phones: dict[str, Phone] = {}
        self._outside: Phone | None = None
        self._sightings = Sightings()
        self._dialogues: dict[str, Dialogue] = {}
        self._crew = Crew()

    async def open(self, box: Box) -> None:
        """Plug all phones into this PBX, which runs."""
        self._outside = await Phone("outside", box.server, at=box.outside).open()
        self._outside.on_ring = self._rings_outside
        self._outside.watch(self._changed)
        for key, extension in self._desks.items():
            phone = self._phones[key] = Phone(extension, box.server, secret=PASSWORD)
            phone.on_ring = phone.let_ring
            await phone.open()
            phone.watch(self._changed)
        self._crew.start(self._registered())
        self._crew.start(self._breathing())

    async def close(self) -> None:
        await self._crew.close(grace=0.0)
        for phone in self._plugged():
            await phone.close()

    def forget(self) -> None:
        """Hang up everything and forget it."""
        for leg in self._living():
            self._crew.start(leg.hangup())
        self._sightings.clear()
        self._dialogues.clear()
        self.tell()

    # What the stage asks.

    def state(self) -> Json:
        return {
            "now": time.time(),
            "number": self._number,
            "callers": [self._caller(one) for one in self._callers],
            "desks": {
                key: {"extension": self._desks[key], "call": self._call(self._at_desk(key))}
                for key in self._desks
            },
        }

    def _caller(self, one: Caller) -> Json:
        shown = {"id": one.id, "name": one.name, "about": one.about, "number": one.number}
        return shown | {"call": self._call(self._of_caller(one))}

    def _call(self, leg: Leg | None) -> Json | None:
        return self._sightings.call(leg) if leg is not None else None

    async def act(self, name: str, who: str) -> Json:
        caller = next((one for one in self._callers if one.id == who), None)
        if caller is None and who not in self._desks:
            raise StageError("bad_request")
        leg = self._of_caller(caller) if caller else self._at_desk(who)
        state = leg.state if leg is not None else "ended"
        if name == "call" and caller and self._outside and state == "ended":
            await self._outside.call(digits(self._number), caller.number)
        elif leg is not None and name == "answer" and state == "ringing" and not leg.out:
            leg.answer()
        elif leg is not None and name == "decline" and state == "ringing" and not leg.out:
            leg.refuse("603 Decline")
        elif leg is not None and name == "hangup" and state != "ended":
            self._crew.start(leg.hangup())
        else:
            raise StageError("gone", 409)
        return {}

    # Whose call is which.

    def _plugged(self) -> list[Phone]:
        return [*self._phones.values(), *([self._outside] if self._outside else [])]

    def _living(self) -> list[Leg]:
        return [
            leg for phone in self._plugged() for leg in phone.legs.values() if leg.state != "ended"
        ]

    def _at_desk(self, key: str) -> Leg | None:
        phone = self._phones.get(key)
        return newest(list(phone.legs.values()) if phone else [], self._sightings)

    def _of_caller(self, one: Caller) -> Leg | None:
        return newest(
            [leg for leg in self._outside_legs() if digits(outside(leg)) == digits(one.number)],
            self._sightings,
        )

    def _outside_legs(self) -> list[Leg]:
        return list(self._outside.legs.values()) if self._outside else []

    # What happens by itself.

    def _rings_outside(self, leg: Leg) -> None:
        """Clients of the stage answer themselves, anybody else after two seconds."""
        if all(digits(leg.called) != digits(one.number) for one in self._callers):
            loop = asyncio.get_running_loop()
            loop.call_later(
                STRANGER_ANSWERS, lambda: leg.answer() if leg.state == "ringing" else None
            )

    def _changed(self) -> None:
        self._sightings.look(leg for phone in self._plugged() for leg in phone.legs.values())
        for client in [leg for leg in self._outside_legs() if leg.state == "up"]:
            self._converse(client)
        self.tell()

    def _converse(self, client: Leg) -> None:
        """Whoever of the company has this client on the line speaks with them."""
        dialogue = self._dialogues.setdefault(client.id, self._dialogue(client))
        for phone in self._phones.values():
            for leg in phone.legs.values():
                same = digits(leg.caller) == digits(outside(client))
                if leg.state == "up" and same and not dialogue.spoken:
                    self._crew.start(dialogue.speak(leg))

    def _dialogue(self, client: Leg) -> Dialogue:
        caller = next(
            (one for one in self._callers if digits(one.number) == digits(outside(client))), None
        )
        lines = caller.lines if caller else ()
        return Dialogue(client, lines, self._sightings.says, self.tell)

    async def _registered(self) -> None:
        while True:
            for phone in self._phones.values():
                await phone.register(REGISTERED)
            await asyncio.sleep(REGISTER_EVERY)

    async def _breathing(self) -> None:
        while True:
            for leg in self._living():
                if leg.session:
                    await say_ulaw(leg, SILENCE)
            await asyncio.sleep(BREATH)


def outside(leg: Leg) -> str:
    """The client's number in a call on the outside line."""
    return leg.caller if leg.out else leg.called


def digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def newest(legs: list[Leg], seen: Sightings) -> Leg | None:
    """What a phone shows: the call that goes on, else the last one (unless it was forgotten)."""
    living = [leg for leg in legs if leg.state != "ended"]
    over = [leg for leg in legs if leg in seen]
    found = living or over
    return found[-1] if found else None

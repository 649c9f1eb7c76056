"""What a gateway knows: its one account, handsets by number, SMS on their way."""

from __future__ import annotations

import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sandbox.botapi.feed import Feed
from sandbox.sms.state import Fault, Sms

Deliver = Callable[[Sms], Awaitable[None]]


@dataclass(slots=True)
class World:
    """`dead` numbers get nothing: their SMS come back as undeliverable; `off` ones wait."""

    login: str = "romashka"
    password: str = "sandbox1"  # noqa: S105 - of a pretended account
    company: str = "+79990001122"
    balance: float = 500.0
    now: Callable[[], float] = time.time
    dead: set[str] = field(default_factory=set)
    off: set[str] = field(default_factory=set)
    sms: dict[int, Sms] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    feed: Feed = field(default_factory=Feed)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1001))
    to_company: list[Deliver] = field(default_factory=list)
    reports: list[Deliver] = field(default_factory=list)

    def of(self, number: str) -> list[Sms]:
        return [one for one in self.sms.values() if one.number == number]

    def add(self, number: str, text: str, *, mine: bool, sender: str = "") -> Sms:
        sms = Sms(
            id=next(self._ids), number=number, text=text, at=self.now(), mine=mine, sender=sender
        )
        self.sms[sms.id] = sms
        self.publish(sms)
        return sms

    def publish(self, sms: Sms) -> None:
        self.feed.publish({"number": sms.number})

    def fault(self) -> Fault | None:
        return self.faults.pop(0) if self.faults else None

    async def arrive(self, sms: Sms) -> None:
        """An SMS of the company reaches its handset, or does not; the company is told."""
        if sms.number in self.off:
            return
        sms.state = "undelivered" if sms.number in self.dead else "delivered"
        self.publish(sms)
        for report in self.reports:
            await report(sms)

    async def write(self, number: str, text: str) -> Sms:
        """A handset's owner writes to the company."""
        sms = self.add(number, text, mine=True)
        for deliver in self.to_company:
            await deliver(sms)
        return sms

    def wipe(self) -> None:
        numbers = {one.number for one in self.sms.values()}
        self.sms.clear()
        for number in numbers:
            self.feed.publish({"number": number})

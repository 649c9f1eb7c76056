"""A phone that knows SMS only."""

from __future__ import annotations

from sandbox.sms.state import Sms
from sandbox.sms.world import World


class Handset:
    """The owner of a number."""

    def __init__(self, world: World, number: str) -> None:
        self.world, self.number = world, number

    @property
    def sms(self) -> list[Sms]:
        """What came, and what the owner wrote; what is still on its way is not seen."""
        return [one for one in self.world.of(self.number) if one.mine or one.state == "delivered"]

    async def write(self, text: str) -> Sms:
        return await self.world.write(self.number, text)

    async def switch(self, *, on: bool) -> None:
        """Off, SMS wait; on again, they come."""
        if not on:
            self.world.off.add(self.number)
            return
        self.world.off.discard(self.number)
        for sms in self.world.of(self.number):
            if not sms.mine and sms.state == "sent":
                await self.world.arrive(sms)

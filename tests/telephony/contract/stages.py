"""The same company on each kind of PBX: a client who calls, Anna's phone, orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from crm_core.calls import queries
from crm_core.kernel.actors import Actor
from sandbox.asterisk.phone import Leg
from tests.telephony.asterisk.house import DID
from tests.telephony.asterisk.house import House as AsteriskHouse
from tests.telephony.webhook.house import House as CloudHouse
from tests.waiting import eventually

CALLER = "+79161234567"
T0 = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Stage(Protocol):
    """What tests do with any PBX; `anna` has the phone 101 and is on shift."""

    anna: Actor

    async def client_calls(self) -> None:
        """Anna's phone rings."""

    async def anna_answers(self) -> None: ...

    async def client_hangs_up(self) -> None: ...

    async def everybody_answers(self) -> None:
        """From now on phones answer by themselves."""


class OnAsterisk:
    def __init__(self, house: AsteriskHouse, anna: Actor) -> None:
        self.house, self.anna = house, anna
        self._phone = house.phones["101"]
        self._phone.on_ring = self._phone.let_ring
        self._call: Leg | None = None

    async def client_calls(self) -> None:
        self._call = await self.house.outside.call(DID, CALLER)
        await self._phone.ringing()

    async def anna_answers(self) -> None:
        (await self._phone.ringing()).answer()
        assert self._call is not None
        await self._call.wait("up")

    async def client_hangs_up(self) -> None:
        for leg in (self._call, *self.house.outside.legs.values()):
            if leg is not None and leg.state != "ended":
                await leg.hangup()

    async def everybody_answers(self) -> None:
        self._phone.on_ring = self._phone.answer_soon


class InTheCloud:
    """The PBX's side plays by docs/telephony.md."""

    def __init__(self, house: CloudHouse) -> None:
        self.house, self.anna = house, house.anna
        house.cloud.obey = self._obey
        self._key, self._second = "c-1", 0

    async def _tell(self, name: str, **rest: Any) -> None:
        self._second += 1
        at = (T0 + timedelta(seconds=self._second)).isoformat()
        status, told = await self.house.tell({"event": name, "call": self._key, "at": at, **rest})
        assert status == 200, told

    async def client_calls(self) -> None:
        await self._tell("started", number=CALLER)
        await self._tell("ringing", extension="101")

    async def anna_answers(self) -> None:
        await self._tell("answered", extension="101")

    async def client_hangs_up(self) -> None:
        await self._tell("ended", outcome="abandoned", hung_up_by="client")

    async def everybody_answers(self) -> None:
        """They do."""

    async def _obey(self, order: dict[str, Any]) -> None:
        if order["verb"] == "dial":
            self._key = order["call"]
            await self._tell("started", direction="outbound", number=order["number"])
            await self._tell("answered", extension=order["extension"])
        elif order["verb"] == "hangup":
            await self._tell("ended", hung_up_by="employee")


async def only_call(state: str) -> queries.CallView:
    """The one call there is, once it is in this state."""

    async def look() -> queries.CallView | None:
        found = await queries.calls(queries.Filter())
        return found[0] if [call.state for call in found] == [state] else None

    found = await eventually(look, what=f"one call to be {state}")
    assert found is not None
    return found

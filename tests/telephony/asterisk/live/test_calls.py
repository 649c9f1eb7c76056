"""Real calls through a real Asterisk, stored as they were."""

from __future__ import annotations

from tests.telephony.asterisk.live.conftest import House, ended, living

CALLER = "+79161234567"


async def test_an_answered_call(house: House) -> None:
    anna = await house.person("Анна", "102")
    async with house.at_work():
        call = await house.outside.call("74950012", CALLER)
        await call.wait("up")
        talked = await living("talking")
        await call.hangup()
        [stored] = await ended()
    assert talked.employee_id == anna.id
    assert (stored.direction, stored.number, stored.outcome) == ("inbound", CALLER, "answered")
    assert (stored.employee_id, stored.hung_up_by, stored.did) == (anna.id, "client", "74950012")
    assert stored.recording

"""Settings every PBX has: working time, and where calls to each number go."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, field_validator

from crm_core.kernel import clock
from crm_core.worktime.hours import Hours
from telephony.contracts import Opening
from telephony.dids import Dids


class OpeningConfig(BaseModel):
    """`hours`: `Mon-Fri 09:00-18:00`, outside of them calls go to `after_hours` (ext:200,
    queue:night); `dids`: `74950011277=Sales; 74950012=queue:support`."""

    model_config = ConfigDict(extra="forbid")

    hours: str = ""
    timezone: str = "Europe/Moscow"
    after_hours: str = ""
    dids: str = ""

    @field_validator("hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        Hours.parse(value)
        return value

    @field_validator("dids")
    @classmethod
    def _dids(cls, value: str) -> str:
        Dids.parse(value)
        return value

    def opening(self, did: str | None) -> Opening:
        """What holds now for a call to this number."""
        return Opening(
            is_open=Hours.parse(self.hours).open_at(clock.now(), self.timezone),
            after_hours=self.after_hours,
            target=Dids.parse(self.dids).target(did),
        )

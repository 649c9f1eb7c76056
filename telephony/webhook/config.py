"""Settings of a PBX that speaks JSON over HTTP."""

from __future__ import annotations

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, SecretStr, field_validator

from crm_core.kernel import clock
from crm_core.worktime.hours import Hours
from telephony.contracts import Opening


class Config(BaseModel):
    """`url`: where orders are posted (none: the PBX is only listened to), `token`: sent with them
    as a bearer token; hours as with Asterisk."""

    model_config = ConfigDict(extra="forbid")

    url: AnyHttpUrl | None = None
    token: SecretStr | None = None
    hours: str = ""
    timezone: str = "Europe/Moscow"
    after_hours: str = ""

    @field_validator("hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        Hours.parse(value)
        return value

    def opening(self) -> Opening:
        is_open = Hours.parse(self.hours).open_at(clock.now(), self.timezone)
        return Opening(is_open=is_open, after_hours=self.after_hours)

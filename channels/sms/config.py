"""What an admin sets for an SMS account, and what an SMS can carry."""

from __future__ import annotations

from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from crm_core.dialogs.messages import Capabilities, Kind
from routing.contracts import Pacing

OFFICIAL_API = "https://smsc.ru/sys"

CAPABILITIES = Capabilities(
    # Ten parts of Cyrillic; what is longer becomes several messages.
    text_limit=670,
    caption_limit=0,
    kinds=frozenset({Kind.TEXT}),
    receipts=True,
    counts_parts=True,
    opens_with="phone",
)
PACING = Pacing(rate=10.0, burst=10.0, chat_rate=1.0, chat_burst=3.0)


class Config(BaseModel):
    """Settings of one account at a gateway."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    gateway: Literal["smsc", "smpp"] = Field(
        "smsc", title="Kind of gateway", description="smsc: HTTP like smsc.ru; smpp: SMPP 3.4"
    )
    login: str = Field(min_length=1, max_length=64, title="Login", description="SMPP: system_id")
    password: SecretStr = Field(title="Password", description="The one for the API, not the site's")
    sender: str = Field("", max_length=20, title="Sender", description="Name or number clients see")
    api_url: str = Field(OFFICIAL_API, title="Address of the HTTP gateway")
    host: str = Field("", max_length=200, title="SMPP server")
    port: int = Field(2775, ge=1, le=65535, title="SMPP port")
    poll_seconds: int = Field(
        20,
        ge=1,
        le=3600,
        title="Seconds between looks",
        description="For incoming over HTTP",
    )

    @field_validator("api_url")
    @classmethod
    def _is_a_web_address(cls, url: str) -> str:
        parts = urlsplit(url.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            message = f"an address of a gateway begins with https:// ({OFFICIAL_API})"
            raise ValueError(message)
        return url.strip().rstrip("/")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.gateway == "smpp" and not self.host:
            message = "SMPP needs the host of the server"
            raise ValueError(message)
        return self
